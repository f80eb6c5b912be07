import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import { isPassthrough } from '../../mesh/gateways/server-kind.ts';
import type { L4Route } from '../../mesh/routing/l4-route.ts';
import { type L4Server, selectGatewayTcpRoute, selectGatewayTlsRoutes } from '../../mesh/routing/select-gateway-l4-routes.ts';
import { tcpAccessLogs } from '../filters/access-log.ts';
import { buildTcpProxyFilters } from '../filters/tcp-proxy.ts';
import type { GatewayChain } from './gateway-chain.ts';
import { gatewayContext, gatewayTcpFilters } from './gateway-filters.ts';
import { filterPort, type GatewayWorld } from './gateway-world.ts';

/** The chain of a TCP server, or of one that terminates TLS for something else than HTTP: none without a rule for it. */
export function buildGatewayTcpChains(server: MergedServer, world: GatewayWorld, tls: GatewayChain['tls']): readonly GatewayChain[] {
  const route = selectGatewayTcpRoute(world.virtualServicesOf(server.gateway), l4Server(server));
  if (route === undefined) return [];
  return [{ sniHosts: server.sniHosts, ...(tls && { tls }), filters: proxyFilters(route, server, world), source: route.origin.source }];
}

/**
 * The chains of a server that hands TLS through, one per `tls` match of its VirtualServices. `taken` holds the server names
 * that other servers of the listener have already, and is told of these.
 */
export function buildGatewayPassthroughChains(server: MergedServer, world: GatewayWorld, taken: Set<string>): readonly GatewayChain[] {
  const routes = selectGatewayTlsRoutes(world.virtualServicesOf(server.gateway), l4Server(server), taken);
  for (const { sniHosts } of routes) for (const host of sniHosts) taken.add(host);
  return routes.map((route) => ({
    sniHosts: route.sniHosts,
    filters: proxyFilters(route, server, world),
    source: route.origin.source,
  }));
}

function l4Server(server: MergedServer): L4Server {
  const { gateway, port, hosts } = server;
  return { gateway, port: port.number, hosts, isPassthrough: isPassthrough(server) };
}

function proxyFilters({ destinations, virtualService }: L4Route, server: MergedServer, world: GatewayWorld): readonly Filter[] {
  const { findService, findRule, settings, scope } = world;
  const terminal = buildTcpProxyFilters({
    destinations,
    virtualService,
    findService,
    findRule,
    port: filterPort(server),
    settings,
    accessLog: tcpAccessLogs(gatewayContext(world)),
    ...(scope.idleTimeout !== undefined && { idleTimeout: scope.idleTimeout }),
  });
  return gatewayTcpFilters({ port: server.port.number, terminal, ofMesh: server.tls?.mode === 'ISTIO_MUTUAL' }, world);
}
