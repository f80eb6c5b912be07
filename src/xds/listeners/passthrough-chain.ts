import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import { tcpAccessLogs } from '../filters/access-log.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { tcpFilterChain } from '../filters/network-filters.ts';
import { buildSingleTcpProxyFilters } from '../filters/tcp-proxy.ts';
import { blackHoleCluster, passthroughCluster } from '../names.ts';
import type { UnknownHostPolicy } from '../routes/catch-all-virtual-host.ts';
import { destinationCluster } from '../routes/destination-cluster.ts';

/** What takes connections of an outbound listener that fit no chain: without it Envoy would close them. */
export function passthroughChain(context: FilterContext): FilterChain {
  return { filter_chain_match: {}, name: 'PassthroughFilterChain', filters: unknownDestinationFilters(context) };
}

/** To wherever the client meant to go, to the egress proxy, or nowhere, as the outbound traffic policy says. */
export function unknownDestinationFilters(context: FilterContext): Filter[] {
  return proxyTo(unknownDestinationCluster(context.outboundPolicy ?? context.settings.config.outboundTrafficPolicy ?? {}), context);
}

function unknownDestinationCluster({ mode = 'REGISTRY_ONLY', egressProxy }: UnknownHostPolicy): string {
  if (mode === 'REGISTRY_ONLY') return blackHoleCluster;
  return egressProxy === undefined ? passthroughCluster : destinationCluster(egressProxy, undefined, 0);
}

/** Filters of users have no place here. */
function proxyTo(cluster: string, stated: FilterContext): Filter[] {
  const { idleTimeout, extensions: _, ...context } = stated;
  const { settings } = context;
  const terminal = buildSingleTcpProxyFilters({
    cluster,
    statPrefix: cluster,
    subset: '',
    rule: undefined,
    port: { number: 0, name: '', protocol: 'TCP' },
    settings,
    accessLog: tcpAccessLogs(context),
    ...(idleTimeout !== undefined && { idleTimeout }),
  });
  return tcpFilterChain({ context, port: 0, terminal });
}

/** Ends connections that ask for a listener's own port: they could only come back to it. Nothing is logged. */
export function blackHoleChain(name: string, port: number, stated: FilterContext): FilterChain {
  const { extensions: _, ...context } = stated;
  const terminal = buildSingleTcpProxyFilters({
    cluster: blackHoleCluster,
    statPrefix: blackHoleCluster,
    subset: '',
    rule: undefined,
    port: { number: 0, name: '', protocol: 'TCP' },
    settings: context.settings,
  });
  return { name, filter_chain_match: { destination_port: { value: port } }, filters: tcpFilterChain({ context, port: 0, terminal }) };
}
