import { isSubsetOf } from '../../model/hostname.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { tcpAccessLogs } from '../filters/access-log.ts';
import { buildSingleTcpProxyFilters, outboundStatPrefix } from '../filters/tcp-proxy.ts';
import { sniName } from '../names.ts';
import type { GatewayChain } from './gateway-chain.ts';
import { gatewayContext, gatewayTcpFilters } from './gateway-filters.ts';
import type { GatewayWorld } from './gateway-world.ts';

/** Every ALPN of Istio's mutual TLS: nothing else may be handed on blindly, as the gateway cannot see whether it is mutual TLS. */
const mutualTlsProtocols = ['istio', 'istio-peer-exchange', 'istio-http/1.0', 'istio-http/1.1', 'istio-h2'];

/**
 * The chains of a server with AUTO_PASSTHROUGH: the server name is the name of the cluster, `outbound_.80_.v1_.host`; one per
 * port and subset of each service of the mesh that the server's hosts cover (Istio `builtAutoPassthroughFilterChains`). A service that
 * two servers cover has the same chain of both: `taken` holds the server names that the listener has already, and is told of these.
 */
export function buildAutoPassthroughChains(hosts: readonly string[], world: GatewayWorld, taken: Set<string>): readonly GatewayChain[] {
  const chains: GatewayChain[] = [];
  for (const service of world.services()) {
    if (!isReachedByServerName(service, hosts)) continue;
    const subsets = ['', ...(world.findRule(service.hostname)?.subsets ?? []).map(({ subset }) => subset.name)];
    for (const port of service.ports) {
      if (port.protocol === 'UDP') continue;
      for (const subset of subsets) {
        const cluster = sniName(port.number, subset, service.hostname);
        if (!taken.has(cluster)) chains.push(chainOf(service, port, subset, world));
        taken.add(cluster);
      }
    }
  }
  return chains;
}

/** Whether a gateway with AUTO_PASSTHROUGH for these hosts leads to the service. */
export function isReachedByServerName(service: Service, hosts: readonly string[]): boolean {
  return !service.meshExternal && service.resolution !== 'Alias' && hosts.some((host) => isSubsetOf(service.hostname, host));
}

function chainOf(service: Service, port: ServicePort, subset: string, world: GatewayWorld): GatewayChain {
  const { settings, scope, findRule } = world;
  const cluster = sniName(port.number, subset, service.hostname);
  const terminal = buildSingleTcpProxyFilters({
    cluster,
    statPrefix: outboundStatPrefix(cluster, service, port, subset, settings),
    subset,
    rule: findRule(service.hostname),
    tunnels: false,
    port,
    settings,
    accessLog: tcpAccessLogs(gatewayContext(world)),
    ...(scope.idleTimeout !== undefined && { idleTimeout: scope.idleTimeout }),
  });
  const filters = gatewayTcpFilters({ port: port.number, terminal, isBlind: true }, world);
  return { sniHosts: [cluster], applicationProtocols: mutualTlsProtocols, filters };
}
