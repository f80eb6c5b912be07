import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdminClient } from '../../src/agent/admin-client.ts';
import { buildBootstrap } from '../../src/agent/bootstrap.ts';
import { EnvoySupervisor } from '../../src/agent/envoy-supervisor.ts';
import { findEnvoy } from '../../src/agent/find-envoy.ts';
import { bootstrapSettings, type RunProxyOptions, runProxy } from '../../src/agent/proxy-command.ts';
import type { Cluster } from '../../src/envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { peerText } from '../../src/xds/endpoints/peer-text.ts';
import { peerVariable } from '../../src/xds/metrics/metric-labels.ts';

export interface RealEnvoy {
  readonly admin: AdminClient;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
}

type EnvoyOptions = Pick<RunProxyOptions, 'name' | 'namespace' | 'address' | 'xdsAddress' | 'type'> &
  Partial<Pick<RunProxyOptions, 'labels' | 'metadata' | 'locality' | 'xdsProtocol' | 'adminPort' | 'statusPort' | 'statsPort'>>;

/** An Envoy started as `coxswain proxy` does it, with its admin interface on a free port. */
export async function startProxy(protos: EnvoyProtos, options: EnvoyOptions): Promise<RealEnvoy> {
  return begin((signal, onAdmin) =>
    runProxy(withDefaults(options), {
      protos,
      log: silentLogger,
      clock: systemClock,
      random: Math.random,
      env: process.env,
      signal,
      onAdmin,
    }),
  );
}

/** The same Envoy with an SDS server beside it, as pilot-agent's has one: what names workload certificates becomes active. */
export async function startProxyWithSds(protos: EnvoyProtos, options: EnvoyOptions, sdsPort: number): Promise<RealEnvoy> {
  const { path } = await findEnvoy({ env: process.env, log: silentLogger });
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-test-envoy-'));
  const bootstrap = buildBootstrap(bootstrapSettings(withDefaults(options)));
  const clusters = [...(bootstrap.static_resources?.clusters ?? []), sdsCluster(sdsPort)];
  const bootstrapPath = join(directory, 'bootstrap.pb');
  await writeFile(
    bootstrapPath,
    protos.encode('envoy.config.bootstrap.v3.Bootstrap', { ...bootstrap, static_resources: { ...bootstrap.static_resources, clusters } }),
  );
  return begin(async (signal, onAdmin) => {
    const supervisor = new EnvoySupervisor({
      envoyPath: path,
      arguments: { bootstrapPath, logLevel: 'off', drainSeconds: 1, ipVersion: 4, concurrency: 1 },
      directory,
      drain: { listeners: 'all', durationMs: 1, exitOnZeroConnections: true },
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
      onAdmin,
      environment: { [peerVariable]: peerOf(options) },
    });
    await supervisor.run(signal);
    await rm(directory, { recursive: true, force: true });
  });
}

/** The workload as its endpoints name it. */
export function peerOf({ name, namespace, labels = {} }: Pick<EnvoyOptions, 'name' | 'namespace' | 'labels'>): string {
  return peerText({ workloadName: name, namespace, labels, clusterId: 'Kubernetes' });
}

function withDefaults(options: EnvoyOptions): RunProxyOptions {
  const common = { serviceAccount: 'default', labels: {}, adminPort: 0, concurrency: 1, logLevel: 'off', drainMs: 1 } as const;
  return { ...common, ...options };
}

async function begin(run: (signal: AbortSignal, onAdmin: (admin: AdminClient) => void) => Promise<void>): Promise<RealEnvoy> {
  const end = new AbortController();
  const started = Promise.withResolvers<AdminClient>();
  const ended = run(end.signal, started.resolve);
  ended.then(() => started.reject(new Error('Envoy ended before it answered')), started.reject);
  const admin = await started.promise;
  return {
    admin,
    stop: async () => {
      end.abort();
      await ended;
    },
  };
}

function sdsCluster(port: number): Cluster {
  return {
    name: 'sds-grpc',
    type: 'STATIC',
    connect_timeout: { seconds: '1' },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: 'sds-grpc',
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } } }] }],
    },
  } as Cluster;
}
