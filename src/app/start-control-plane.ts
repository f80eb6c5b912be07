import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import type { BuildInfo } from '../admin/build-info.ts';
import { ConnectedProxies } from '../admin/connected-proxies.ts';
import { serveHttp } from '../admin/http-server.ts';
import { inboundUpdateCounter, rejectedConfigCounter } from '../admin/metrics/config-metrics.ts';
import { addPatchMetrics } from '../admin/metrics/patch-metrics.ts';
import { addProcessMetrics } from '../admin/metrics/process-metrics.ts';
import { pushMetrics } from '../admin/metrics/push-metrics.ts';
import { addSendMetrics } from '../admin/metrics/send-metrics.ts';
import type { ConfigSource } from '../config/config-source.ts';
import type { DiscoveryMetrics } from '../discovery/discovery-metrics.ts';
import { DiscoveryServer } from '../discovery/discovery-server.ts';
import type { DiscoverySettings } from '../discovery/discovery-settings.ts';
import type { EnvoyProtos } from '../envoy/protos.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { ListWatchStatus } from '../kubernetes/list-watch/list-watch-status.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { GatewayNames } from '../registry/networks/gateway-names.ts';
import { resolveByDns } from '../registry/networks/resolve-name.ts';
import type { RegistryEntry } from '../schema/mesh-registries/mesh-registries.ts';
import { parseNode } from '../xds/node/parse-node.ts';
import { adminEndpoints } from './admin-endpoints.ts';
import { readBuildInfo } from './build-info.ts';
import { type ClusterDuties, startClusterDuties } from './cluster/cluster-duties.ts';
import { createProxyRefusals, watchConnections } from './cluster/proxy-refusals.ts';
import { collectReceived } from './collect-received.ts';
import { type ControlPlane, createControlPlane } from './control-plane.ts';
import { countUpdates } from './count-updates.ts';
import { withDebugTypes } from './debug-types.ts';
import { createRemoteClusters } from './remote-clusters.ts';
import { reportIssues } from './report-issues.ts';
import { cannotListen } from './startup-error.ts';
import { warmUp } from './warm-up.ts';

export interface StartControlPlaneOptions {
  readonly sources: readonly ConfigSource[];
  /** How the watches of an API server are. Default: there are none. */
  readonly watches?: () => readonly ListWatchStatus[];
  readonly settings: DiscoverySettings;
  /** `HOST:PORT` of readiness, metrics and /debug; port 0 picks a free one. */
  readonly httpAddress: string;
  /** A second address with the same pages. */
  readonly monitoringAddress?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly protos: EnvoyProtos;
  readonly clock: Clock;
  readonly log: Logger;
  /** Registries of the command line. */
  readonly registries?: readonly RegistryEntry[];
  /** The cluster that this control plane belongs to, where there is one, and where its API server finds our webhook. */
  readonly cluster?: { readonly client: KubeClient; readonly webhookAddress: string | undefined };
  /** Told what the metrics are told too. */
  readonly onConverged?: DiscoveryMetrics['converged'];
}

/** A control plane with its servers, synced and reachable. */
export interface StartedControlPlane {
  readonly plane: ControlPlane;
  readonly discovery: DiscoveryServer;
  /** `HOST:PORT` of plaintext xDS. */
  readonly xds: string;
  readonly http: string;
  readonly duties: ClusterDuties | undefined;
}

/** The control plane as `serve` and the demo run it: proxies reach it once everything is read, ends with the signal (see `discovery.closed`). */
export async function startControlPlane(options: StartControlPlaneOptions, signal: AbortSignal): Promise<StartedControlPlane> {
  const { settings, httpAddress, env, protos, clock, log, onConverged, watches = () => [] } = options;
  const registry = new Registry();
  const countUpdate = inboundUpdateCounter(registry);
  const sources = options.sources.map((source) => countUpdates(source, countUpdate));
  const plane = createControlPlane({
    sources,
    isLiveCluster: options.cluster !== undefined,
    env,
    protos,
    log,
    registries: options.registries ?? [],
    clock,
  });
  const metrics = pushMetrics(registry);
  const proxies = new ConnectedProxies({ source: plane.source, parseNode });
  const build = readBuildInfo();
  let duties: ClusterDuties | undefined;
  const refusals = createProxyRefusals({
    plane,
    proxies,
    protos,
    clock,
    log: log.scoped('status'),
    onChange: () => duties?.refusalsChanged(),
  });
  const discovery = new DiscoveryServer({
    source: withDebugTypes({
      source: proxies,
      address: settings.address,
      proxies: () => proxies.join(discovery.connections()),
      pages: () => endpoints,
      protos,
    }),
    identifier: identifierOf(env, build),
    settings,
    protos,
    clock,
    log: log.scoped('ads'),
    metrics: toldToo(metrics, onConverged),
    onNack(nodeId, typeUrl, names, message) {
      metrics.rejectedBy(nodeId, typeUrl);
      refusals.refuse(nodeId, typeUrl, names, message);
    },
    onAck: (nodeId, typeUrl, names) => refusals.accept(nodeId, typeUrl, names),
    onReceived: collectReceived(),
  });
  watchConnections(refusals, discovery, clock, signal);
  addSendMetrics(registry, () => discovery.sending());
  addProcessMetrics(registry, clock, build);
  if (plane.mesh.settings.get().flags.PILOT_ENVOY_FILTER_STATS) addPatchMetrics(registry, plane.patching);
  const clusters = createRemoteClusters(plane, { env, clock, log: log.scoped('config') });
  const endpoints = adminEndpoints({
    plane,
    clusters: () => clusters.summaries(),
    connections: () => discovery.connections(),
    proxies,
    registry,
    protos,
    build,
    watches,
  });
  reportIssues({ engine: plane.engine, issues: plane.issues, log: log.scoped('config'), onNew: rejectedConfigCounter(registry) }, signal);
  // Before everything is read: what is waited for is told in /ready, /metrics and /debug, and in the log.
  const http = await serveHttp({ address: httpAddress, endpoints, log: log.scoped('admin') }, signal).catch((error: unknown) => {
    throw cannotListen('--http-address', httpAddress, error);
  });
  const { monitoringAddress } = options;
  if (monitoringAddress !== undefined) {
    await serveHttp({ address: monitoringAddress, endpoints, log: log.scoped('admin') }, signal).catch((error: unknown) => {
      throw cannotListen('--monitoring-address', monitoringAddress, error);
    });
  }
  await plane.config.start(signal);
  await Promise.all([plane.live.start(signal), clusters.start(signal)]);
  await resolveNames(plane, { clock, log, env }, signal);
  warmUp({
    source: plane.source,
    rootNamespace: plane.mesh.settings.get().rootNamespace,
    clusterId: env['CLUSTER_ID'] ?? 'Kubernetes',
    clock,
  });
  const xds = await discovery.start(signal).catch((error: unknown) => {
    throw cannotListen('--xds-address', settings.address, error);
  });
  if (options.cluster && !signal.aborted) {
    const { client, webhookAddress } = options.cluster;
    duties = await startClusterDuties({ plane, client, webhookAddress, refusals, registry, env, clock, log }, signal);
  }
  return { plane, discovery, xds, http, duties };
}

/** EDS knows addresses alone, so what is stated by name is looked up before anybody is served. */
async function resolveNames(
  plane: ControlPlane,
  { clock, log, env }: Pick<StartControlPlaneOptions, 'clock' | 'log' | 'env'>,
  signal: AbortSignal,
): Promise<void> {
  const { engine, networkGateways, gatewayAddresses, services, nameAddresses } = plane;
  const common = { engine, resolve: resolveByDns(), clock, log: log.scoped('config') };
  const endpoints = engine.derived((read) => read(services.names).map((address) => ({ address })));
  const gateways = env['RESOLVE_HOSTNAME_GATEWAYS'] === 'false' ? engine.constant([]) : networkGateways;
  await Promise.all([
    new GatewayNames({ ...common, gateways, addresses: gatewayAddresses }).start(signal),
    new GatewayNames({ ...common, gateways: endpoints, addresses: nameAddresses }).start(signal),
  ]);
}

/** Who answers, as Istio's `ControlPlaneInstance` says it and istioctl prints it. */
function identifierOf(env: StartControlPlaneOptions['env'], build: BuildInfo): string {
  const { version, revision, runtime, status, tag } = build;
  return JSON.stringify({
    Component: 'istiod',
    ID: env['POD_NAME'] ?? hostname(),
    Info: { version, revision, golang_version: runtime, status, tag },
  });
}

function toldToo(metrics: DiscoveryMetrics, listener: DiscoveryMetrics['converged'] | undefined): DiscoveryMetrics {
  if (listener === undefined) return metrics;
  return {
    ...metrics,
    converged(ms) {
      metrics.converged(ms);
      listener(ms);
    },
  };
}
