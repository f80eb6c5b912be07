import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { L4Route } from '../../mesh/routing/l4-route.ts';
import { meshGateway } from '../../mesh/routing/resolved-virtual-service.ts';
import { selectTcpRoutes } from '../../mesh/routing/select-tcp-routes.ts';
import { selectTlsRoutes } from '../../mesh/routing/select-tls-routes.ts';
import type { RuleClient } from '../../mesh/routing/source-match.ts';
import { isTls } from '../../model/protocol.ts';
import { isDynamicForwardProxy } from '../clusters/dynamic-forward-proxy.ts';
import { buildConfigMetadata } from '../config-metadata.ts';
import { tcpAccessLogs } from '../filters/access-log.ts';
import { tcpFilterChain } from '../filters/network-filters.ts';
import { buildSingleTcpProxyFilters, buildTcpProxyFilters, outboundStatPrefix } from '../filters/tcp-proxy.ts';
import { outboundClusterName } from '../names.ts';
import { alternateHosts } from '../routes/alternate-hosts.ts';
import { serviceAddresses } from '../routes/service-addresses.ts';
import { wildcardAddresses } from './listener-addresses.ts';
import type { OutboundChain } from './outbound-chain.ts';
import type { OutboundEntry, OutboundWorld } from './outbound-entry.ts';

/** The chains of a service port that hand on bytes, as VirtualServices' `tls` or `tcp` rules say, else to the service itself. */
export function buildOutboundTcpChains(entry: OutboundEntry, world: OutboundWorld): readonly OutboundChain[] {
  return isTls(entry.port.protocol) ? tlsChains(entry, world) : tcpChains(entry, world);
}

/** TLS is routed by server name, without being opened (Istio `buildSidecarOutboundTLSFilterChainOpts`). */
function tlsChains(entry: OutboundEntry, world: OutboundWorld): readonly OutboundChain[] {
  const { routes, needsDefault } = selectTlsRoutes(entry.virtualServices, clientOf(entry, world));
  const chains = routes.map((route) => ({
    ...routeChain(route, entry, world),
    sniHosts: route.sniHosts,
    metadata: buildConfigMetadata(route.origin.source),
  }));
  return needsDefault ? [...chains, { ...serviceChain(entry, world), sniHosts: serverNames(entry, world) }] : chains;
}

/** Istio `buildSidecarOutboundTCPFilterChainOpts`: chains that a user's subnets make do not say where they come from. */
function tcpChains(entry: OutboundEntry, world: OutboundWorld): readonly OutboundChain[] {
  const { routes, needsDefault } = selectTcpRoutes(entry.virtualServices, clientOf(entry, world), entry.cidrs);
  const chains = routes.map((route) => ({
    ...routeChain(route, entry, world),
    ...(route.destinationSubnets.length === 0 && { metadata: buildConfigMetadata(route.origin.source) }),
  }));
  return needsDefault ? [...chains, serviceChain(entry, world)] : chains;
}

function clientOf({ port }: OutboundEntry, { context: { scope } }: OutboundWorld): RuleClient {
  return { namespace: scope.namespace, labels: scope.labels, gateways: ofMesh, port: port.number };
}

const ofMesh: ReadonlySet<string> = new Set([meshGateway]);

const anyConnection = { sniHosts: [], applicationProtocols: [], transportProtocol: '' } as const satisfies Partial<OutboundChain>;

function routeChain(route: L4Route, entry: OutboundEntry, world: OutboundWorld): OutboundChain {
  const { context, findService, findRule } = world;
  const { destinations, virtualService, destinationSubnets } = route;
  const terminal = buildTcpProxyFilters({ destinations, virtualService, findService, findRule, ...proxyContext(entry, context) });
  const cidrs = destinationSubnets.length > 0 ? destinationSubnets : entry.cidrs;
  return { ...anyConnection, cidrs, filters: complete(terminal, entry, world) };
}

/** To the service: its only port, where the listener's is one that a Sidecar made up. */
function serviceChain(entry: OutboundEntry, world: OutboundWorld): OutboundChain {
  const { service, port, rule, cidrs } = entry;
  const { context } = world;
  const number = (service.ports.length === 1 ? service.ports[0]?.number : undefined) ?? port.number;
  const cluster = outboundClusterName(number, '', service.hostname);
  const statPrefix = outboundStatPrefix(cluster, service, { number, name: '', protocol: port.protocol }, '', context.settings);
  const terminal = buildSingleTcpProxyFilters({ cluster, statPrefix, subset: '', rule, ...proxyContext(entry, context) });
  return { ...anyConnection, cidrs, filters: complete(terminal, entry, world, true) };
}

function proxyContext({ port }: OutboundEntry, context: OutboundWorld['context']) {
  const { settings, idleTimeout } = context;
  return { port, settings, accessLog: tcpAccessLogs(context), ...(idleTimeout !== undefined && { idleTimeout }) };
}

function complete(terminal: readonly Filter[], entry: OutboundEntry, world: OutboundWorld, isOfService = false): Filter[] {
  return tcpFilterChain({
    context: world.context,
    port: entry.port.number,
    terminal,
    ...(isOfService && { service: entry.service }),
    ...(world.networkPolicies && { policies: world.networkPolicies }),
  });
}

/**
 * The server names that tell the service from others on the listener. None are needed where the address does: then clients
 * may ask for whatever name they like.
 */
function serverNames(entry: OutboundEntry, { context: { scope, settings } }: OutboundWorld): readonly string[] {
  const { service, bind, cidrs, isPodAddress, aliases = [] } = entry;
  if (isPodAddress) return [];
  const [address] = serviceAddresses(service, scope);
  const [wildcard] = wildcardAddresses(scope);
  const isShared = cidrs.length > 0 || address?.includes('/') === true || (address === undefined && bind === wildcard);
  if (!isShared && !isDynamicForwardProxy(service)) return [];
  const absolute = settings.flags.PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN;
  return [service.hostname, ...aliases.flatMap((alias) => [alias, ...alternateHosts(alias, 0, scope.dnsDomain, absolute)])];
}
