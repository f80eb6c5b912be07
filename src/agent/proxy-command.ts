import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnvoyProtos } from '../envoy/protos.ts';
import { isIpv6 } from '../lib/cidr.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { peerText } from '../xds/endpoints/peer-text.ts';
import { peerVariable } from '../xds/metrics/metric-labels.ts';
import { type AdminClient, parseHostPort } from './admin-client.ts';
import { type BootstrapSettings, buildBootstrap } from './bootstrap.ts';
import { EnvoySupervisor } from './envoy-supervisor.ts';
import { findEnvoy } from './find-envoy.ts';
import { type MetricsServer, serveMetrics } from './metrics/metrics-server.ts';

/** What `coxswain proxy` was told. */
export interface RunProxyOptions {
  readonly name: string;
  readonly namespace: string;
  /** The workload's own address; on one machine a loopback address of its own: 127.0.1.1, 127.0.1.2, ... */
  readonly address: string;
  /** `HOST:PORT` of plaintext xDS. */
  readonly xdsAddress: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly type: 'sidecar' | 'router';
  /** Port 0 picks a free one. */
  readonly adminPort: number;
  readonly envoy?: string;
  readonly workloadName?: string;
  readonly locality?: string;
  readonly clusterId?: string;
  readonly network?: string;
  readonly domainSuffix?: string;
  readonly concurrency?: number;
  /** Envoy's own levels: `trace` to `critical`, `off`. */
  readonly logLevel: string;
  /** How long clients get to go when the proxy is told to stop; 5 s where unset, ends early when nobody is connected. */
  readonly drainMs?: number;
  readonly xdsProtocol?: BootstrapSettings['xdsProtocol'];
  readonly stats?: BootstrapSettings['stats'];
  /** `/healthz/ready` at any address; needs an admin port other than 0. */
  readonly statusPort?: number;
  /** `/stats/prometheus` at any address; needs an admin port other than 0. */
  readonly statsPort?: number;
  /** `/stats/prometheus` with Istio's metrics under Istio's names, and `/healthz/ready`, served by the agent. */
  readonly metricsPort?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface RunProxyServices {
  readonly protos: EnvoyProtos;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the proxy: Envoy is drained, then ended. */
  readonly signal: AbortSignal;
  /** Told for every Envoy that was started, once its admin interface answers. */
  readonly onAdmin?: (admin: AdminClient) => void;
}

/** The sidecar whose behaviour is claimed: Istio's control plane chooses features by it. */
const istioVersion = '1.32.0';
const defaultDrainMs = 5000;

/** Runs one Envoy until the signal aborts. Rejects (EnvoyUnavailableError, or a sentence about an option) before it starts one. */
export async function runProxy(options: RunProxyOptions, services: RunProxyServices): Promise<void> {
  const { log, protos, signal } = services;
  const bootstrap = protos.encode('envoy.config.bootstrap.v3.Bootstrap', buildBootstrap(bootstrapSettings(options)));
  const envoy = await findEnvoy({ ...(options.envoy !== undefined && { path: options.envoy }), env: services.env, log });
  const directory = await mkdtemp(join(tmpdir(), `coxswain-proxy-${options.name.replaceAll(/[^\w.-]/g, '_')}-`));
  try {
    const bootstrapPath = join(directory, 'bootstrap.pb');
    await writeFile(bootstrapPath, bootstrap);
    let running: AdminClient | undefined;
    const peer = peerText({ ...workloadOf(options), labels: options.labels });
    const metrics = await startMetrics(options, peer, () => running);
    const supervisor = new EnvoySupervisor({
      envoyPath: envoy.path,
      arguments: envoySettings(options, bootstrapPath),
      directory,
      drain: drainSettings(options),
      clock: services.clock,
      random: services.random,
      log,
      environment: { [peerVariable]: peer },
      onAdmin: (admin) => {
        running = admin;
        services.onAdmin?.(admin);
      },
    });
    try {
      await supervisor.run(signal);
    } finally {
      await metrics?.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function workloadOf({ name, namespace, workloadName = name, clusterId = 'Kubernetes' }: RunProxyOptions) {
  return { workloadName, namespace, clusterId };
}

async function startMetrics(
  { metricsPort: port, address }: RunProxyOptions,
  peer: string,
  admin: () => AdminClient | undefined,
): Promise<MetricsServer | undefined> {
  if (port === undefined) return undefined;
  return serveMetrics({ host: isIpv6(address) ? '::' : '0.0.0.0', port, admin, peer, version: istioVersion });
}

/** The bootstrap's settings for the options; throws a sentence about the option that is wrong. */
export function bootstrapSettings(options: RunProxyOptions): BootstrapSettings {
  const xds = parseHostPort(options.xdsAddress);
  if (!xds) throw new Error(`--xds-address ${options.xdsAddress} is not HOST:PORT`);
  const { statusPort: ready, statsPort: stats, adminPort } = options;
  if (adminPort === 0 && (ready ?? stats) !== undefined)
    throw new Error('--status-port and --stats-port need an --admin-port other than 0');
  return {
    node: {
      role: options.type,
      name: options.name,
      namespace: options.namespace,
      addresses: [options.address],
      serviceAccount: options.serviceAccount,
      labels: options.labels,
      istioVersion,
      workloadCertificates: 'none',
      exitOnZeroActiveConnections: true,
      ...optional(options, ['workloadName', 'locality', 'clusterId', 'network', 'domainSuffix', 'metadata']),
    },
    xds,
    admin: { host: adminHost(options.address), port: options.adminPort },
    xdsProtocol: options.xdsProtocol ?? 'delta',
    stats: options.stats ?? 'all',
    statusPorts: { ...(ready !== undefined && { ready }), ...(stats !== undefined && { stats }) },
  };
}

/** Proxies on one machine keep Istio's port 15000 each when the workloads have loopback addresses of their own. */
function adminHost(address: string): string {
  if (isIpv6(address)) return '::1';
  return address.startsWith('127.') ? address : '127.0.0.1';
}

function envoySettings(options: RunProxyOptions, bootstrapPath: string) {
  return {
    bootstrapPath,
    logLevel: options.logLevel,
    drainSeconds: Math.max(1, Math.ceil((options.drainMs ?? defaultDrainMs) / 1000)),
    ipVersion: isIpv6(options.address) ? (6 as const) : (4 as const),
    ...optional(options, ['concurrency']),
  };
}

function drainSettings(options: RunProxyOptions) {
  return {
    listeners: options.type === 'router' ? ('all' as const) : ('inbound' as const),
    durationMs: options.drainMs ?? defaultDrainMs,
    exitOnZeroConnections: true,
  };
}

/** The named members that are set, so that unset ones stay absent. */
function optional<T extends object, K extends keyof T>(from: T, names: readonly K[]): { [P in K]?: Exclude<T[P], undefined> } {
  const picked: { [P in K]?: Exclude<T[P], undefined> } = {};
  for (const name of names) if (from[name] !== undefined) picked[name] = from[name] as Exclude<T[K], undefined>;
  return picked;
}
