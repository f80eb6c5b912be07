import type { Registry } from 'prom-client';
import { type BuildInfo, versionPage } from '../admin/build-info.ts';
import type { ConnectedProxies, ConnectedProxy } from '../admin/connected-proxies.ts';
import type { ClusterSummary } from '../admin/debug/clusterz.ts';
import type { DebugContext } from '../admin/debug/debug-context.ts';
import { debugPages } from '../admin/debug/debug-pages.ts';
import type { HttpEndpoint } from '../admin/http-endpoint.ts';
import { addConfigMetrics } from '../admin/metrics/config-metrics.ts';
import { addEngineMetrics } from '../admin/metrics/engine-metrics.ts';
import { metricsPage } from '../admin/metrics/metrics-page.ts';
import { addProxyMetrics } from '../admin/metrics/proxy-metrics.ts';
import { addRegistryMetrics } from '../admin/metrics/registry-metrics.ts';
import { addWatchMetrics } from '../admin/metrics/watch-metrics.ts';
import { readyPage } from '../admin/ready-page.ts';
import type { ConnectionStatus } from '../discovery/connection-status.ts';
import type { EnvoyProtos } from '../envoy/protos.ts';
import type { MapCell } from '../incremental/cell.ts';
import type { ListWatchStatus } from '../kubernetes/list-watch/list-watch-status.ts';
import { type ConfigObject, compareText } from '../model/config-object.ts';
import { kinds } from '../schema/kinds.ts';
import type { KindName } from '../schema/spec-by-kind.ts';
import type { ControlPlane } from './control-plane.ts';
import { explainWorld } from './explain-world.ts';

export interface AdminEndpointsOptions {
  readonly plane: ControlPlane;
  readonly connections: () => readonly ConnectionStatus[];
  readonly proxies: ConnectedProxies;
  /** Holds the metrics; those that are looked up when asked for are added to it. */
  readonly registry: Registry;
  readonly protos: EnvoyProtos;
  readonly build: BuildInfo;
  /** Further clusters of the mesh. */
  readonly clusters?: () => readonly ClusterSummary[];
  readonly watches: () => readonly ListWatchStatus[];
}

/** Every path of the HTTP port. */
export function adminEndpoints({
  plane,
  connections,
  proxies,
  registry,
  protos,
  build,
  watches,
  clusters = () => [],
}: AdminEndpointsOptions): readonly HttpEndpoint[] {
  const context: DebugContext = {
    proxies: () => proxies.join(connections()).toSorted(byProxyId),
    services: plane.services.services,
    endpoints: plane.services.endpoints,
    kinds,
    table: (kind) => plane.config.table(kind as KindName) as MapCell<ConfigObject>,
    issues: plane.issues,
    registries: () => plane.registries.list().map((registry) => registry.status()),
    conflicts: plane.services.conflicts,
    healthDisagreements: plane.services.healthDisagreements,
    meshConfig: plane.config.meshConfig,
    networkGateways: plane.networkGateways,
    clusters: () => [{ id: plane.clusterId, syncStatus: plane.config.hasSynced() ? 'synced' : 'syncing' }, ...clusters()],
    protos,
    watches,
    explainable: () => explainWorld({ plane, protos, proxies: () => proxies.join(connections()) }),
  };
  addProxyMetrics(registry, context.proxies);
  addConfigMetrics(registry, context);
  addWatchMetrics(registry, watches);
  addRegistryMetrics(registry, context);
  addEngineMetrics(registry, plane.engine);
  return [readyPage(plane.hasSynced), metricsPage(registry), versionPage(build), ...debugPages(context)];
}

function byProxyId(a: ConnectedProxy, b: ConnectedProxy): number {
  return compareText(a.proxy.id, b.proxy.id);
}
