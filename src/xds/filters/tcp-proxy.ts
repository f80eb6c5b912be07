import type { AccessLog } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLog.ts';
import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { TcpProxy } from '../../envoy/generated/envoy/extensions/filters/network/tcp_proxy/v3/TcpProxy.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { WeightedDestination } from '../../mesh/routing/l4-route.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { fillStatName } from '../clusters/stat-name.ts';
import { countsConnections } from '../metrics/stats-log.ts';
import { blackHoleCluster, outboundClusterName } from '../names.ts';
import { buildTcpHashPolicy, buildTunneling, type TcpRule } from './tcp-policy.ts';
import { withProtocolFilters } from './tcp-protocol-filters.ts';

/** What every TCP proxy needs beside its clusters. */
interface TcpProxyContext {
  /** Port of the listener, with the protocol of the service. */
  readonly port: ServicePort;
  readonly settings: MeshSettings;
  /** Node metadata IDLE_TIMEOUT: holds where the DestinationRule has no idle timeout; Envoy's own is an hour. */
  readonly idleTimeout?: string;
  readonly accessLog?: readonly AccessLog[];
}

export interface TcpProxyInput extends TcpProxyContext {
  readonly destinations: readonly WeightedDestination[];
  /** The VirtualService that names the destinations. */
  readonly virtualService: { readonly name: string; readonly namespace: string };
  readonly findService: (host: string) => Service | undefined;
  readonly findRule: (host: string) => Pick<EffectiveRule, 'trafficPolicy' | 'subsets'> | undefined;
}

/**
 * The last network filters of a chain that a TCP or TLS rule shapes (Istio `buildOutboundNetworkFilters`). The
 * DestinationRule of the first destination holds for all. Statistics are named after the cluster, or after the
 * VirtualService where there are several.
 */
export function buildTcpProxyFilters(input: TcpProxyInput): Filter[] {
  const { destinations, port, virtualService, findService, findRule } = input;
  const [first] = destinations;
  const service = first && findService(first.host);
  const rule = service && findRule(service.hostname);
  if (first !== undefined && destinations.length === 1) {
    const cluster = clusterOf(first, service, port.number);
    const statPrefix = service === undefined ? cluster : outboundStatPrefix(cluster, service, port, first.subset, input.settings);
    return buildSingleTcpProxyFilters({ ...input, cluster, statPrefix, subset: first.subset, rule });
  }
  const clusters = destinations
    .filter(({ weight }) => weight > 0)
    .map((to) => ({ name: clusterOf(to, findService(to.host), port.number), weight: to.weight }));
  const statPrefix = `${virtualService.name}.${virtualService.namespace}`;
  const [head] = clusters;
  const target = head === undefined ? { cluster: blackHoleCluster } : { weighted_clusters: { clusters } };
  const proxy = buildProxy(statPrefix, target, rule, '', input);
  return withProtocolFilters(port.protocol, proxy, { statPrefix, cluster: head?.name ?? blackHoleCluster, flags: input.settings.flags });
}

export interface SingleTcpProxyInput extends TcpProxyContext {
  readonly cluster: string;
  readonly statPrefix: string;
  readonly subset: string;
  readonly rule: TcpRule | undefined;
  /** False behind AUTO_PASSTHROUGH, where the client has tunnelled already. */
  readonly tunnels?: boolean;
}

/** The same for one cluster that the caller names: a service without VirtualService, passthrough, SNI clusters. */
export function buildSingleTcpProxyFilters(input: SingleTcpProxyInput): Filter[] {
  const { cluster, statPrefix, subset, rule, port, settings } = input;
  const proxy = buildProxy(statPrefix, { cluster }, rule, subset, input);
  return withProtocolFilters(port.protocol, proxy, { statPrefix, cluster, flags: settings.flags });
}

/** The cluster's name, unless the mesh has a pattern (`outboundClusterStatName`). */
export function outboundStatPrefix(cluster: string, service: Service, port: ServicePort, subset: string, settings: MeshSettings): string {
  const pattern = settings.config.outboundClusterStatName ?? '';
  return pattern === '' ? cluster : fillStatName(pattern, { service, port, subset, targetPort: 0 });
}

function clusterOf(to: WeightedDestination, service: Service | undefined, listenerPort: number): string {
  const only = service?.ports.length === 1 ? service.ports[0]?.number : undefined;
  return outboundClusterName(to.port ?? only ?? listenerPort, to.subset, service?.externalName ?? to.host);
}

function buildProxy(
  statPrefix: string,
  target: Pick<TcpProxy, 'cluster' | 'weighted_clusters'>,
  rule: TcpRule | undefined,
  subset: string,
  context: TcpProxyContext & { readonly tunnels?: boolean },
): Filter {
  const pool = rule?.trafficPolicy?.connectionPool?.tcp;
  const idleTimeout = parsed(pool?.idleTimeout ?? context.idleTimeout);
  const maxDuration = parsed(pool?.maxConnectionDuration);
  const hashPolicy = buildTcpHashPolicy(rule, subset);
  const tunneling = context.tunnels === false ? undefined : buildTunneling(rule, subset);
  const proxy: TcpProxy = {
    stat_prefix: statPrefix,
    ...target,
    ...(idleTimeout && { idle_timeout: idleTimeout }),
    ...(maxDuration && { max_downstream_connection_duration: maxDuration }),
    ...(hashPolicy && { hash_policy: hashPolicy }),
    ...(tunneling && { tunneling_config: tunneling }),
    ...(context.accessLog && context.accessLog.length > 0 && { access_log: [...context.accessLog] }),
    ...(countsConnections(context.accessLog ?? []) && { access_log_options: { flush_access_log_on_connected: true } }),
  };
  return {
    name: 'envoy.filters.network.tcp_proxy',
    typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy', ...proxy },
  };
}

function parsed(duration: string | undefined) {
  return duration === undefined ? undefined : parseDuration(duration);
}
