import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { ListenerFilter } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilter.ts';
import type { MergedPort, MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import { isPassthrough, terminatesHttps } from '../../mesh/gateways/server-kind.ts';
import { isHttp } from '../../model/protocol.ts';
import { listenerAccessLogs } from '../filters/access-log.ts';
import { connectionSettingsOf } from '../filters/connection-settings.ts';
import { typedFilter } from '../filters/typed-filter.ts';
import { listenerName } from '../names.ts';
import { buildAutoPassthroughChains } from './gateway-auto-passthrough-chains.ts';
import { buildGatewayFilterChain, type GatewayChain, needsTlsInspector } from './gateway-chain.ts';
import { gatewayContext, gatewayHttpFilters } from './gateway-filters.ts';
import { buildGatewayPassthroughChains, buildGatewayTcpChains } from './gateway-tcp-chains.ts';
import { gatewayTlsContext } from './gateway-tls.ts';
import type { GatewayWorld } from './gateway-world.ts';
import { additionalAddresses, listenerAddress, wildcardAddresses } from './listener-addresses.ts';
import { tlsInspector } from './listener-filters.ts';

/** What listens on one address and port. */
export interface GatewayListenerInput {
  readonly bind: string;
  readonly number: number;
  /** In the order of merging: plain servers and TLS servers of one port are kept apart. */
  readonly ports: readonly MergedPort[];
}

/**
 * A listener of a gateway: a chain for all plain HTTP servers, one per HTTPS server that ends here, and those of TCP and TLS
 * rules (Istio `buildGatewayListeners`). Undefined: no server has anything to do yet, and Envoy takes no listener without chains.
 */
export function buildGatewayListener(input: GatewayListenerInput, world: GatewayWorld): Listener | undefined {
  const addresses = bindAddresses(input.bind, world);
  const name = listenerName(addresses[0] ?? '', input.number);
  const taken = new Set<string>();
  const chains = input.ports.flatMap((port) =>
    isHttp(port.protocol)
      ? [plainHttpChain(port, name, world)]
      : port.servers.flatMap((server) => serverChains(server, { name, world, taken })),
  );
  if (chains.length === 0) return undefined;
  const { settings } = world;
  const bufferLimit = connectionSettingsOf({ class: 'gateway', settings }).listenerPerConnectionBufferLimitBytes;
  const accessLogs = listenerAccessLogs(gatewayContext(world));
  const [first = '', ...others] = addresses;
  return {
    name,
    address: listenerAddress(first, input.number),
    ...additionalAddresses(others, input.number),
    traffic_direction: 'OUTBOUND',
    ...(bufferLimit && { per_connection_buffer_limit_bytes: { value: bufferLimit } }),
    ...(accessLogs.length > 0 && { access_log: accessLogs }),
    listener_filters: listenerFilters(chains, world),
    filter_chains: chains.map(buildGatewayFilterChain),
    max_connections_to_accept_per_socket_event: { value: 1 },
  };
}

interface ChainContext {
  readonly name: string;
  readonly world: GatewayWorld;
  readonly taken: Set<string>;
}

function plainHttpChain({ routeName, protocol, number }: MergedPort, name: string, world: GatewayWorld): GatewayChain {
  return { sniHosts: [], filters: gatewayHttpFilters({ routeName, protocol, port: number, statPrefix: statPrefixOf(name) }, world) };
}

function serverChains(server: MergedServer, { name, world, taken }: ChainContext): readonly GatewayChain[] {
  if (server.tls?.mode === 'AUTO_PASSTHROUGH') return buildAutoPassthroughChains(server.sniHosts, world, taken);
  if (isPassthrough(server)) return buildGatewayPassthroughChains(server, world, taken);
  const tls = gatewayTlsContext(server, world);
  if (server.tls !== undefined && tls === undefined) return [];
  if (!terminatesHttps(server) || tls === undefined) return buildGatewayTcpChains(server, world, tls);
  const { routeName, port, sniHosts } = server;
  const statPrefix = server.name === '' ? statPrefixOf(name) : server.name;
  return [{ sniHosts, tls, filters: gatewayHttpFilters({ routeName, protocol: port.protocol, port: port.number, statPrefix }, world) }];
}

/** Addresses to listen on, the listener's name after the first: the server's own, else everything of the proxy's IP families. */
function bindAddresses(bind: string, { scope, settings }: GatewayWorld): readonly string[] {
  if (bind !== '') return [bind];
  const [first, ...others] = wildcardAddresses(scope);
  return settings.flags.ISTIO_DUAL_STACK ? [first, ...others] : [first];
}

/** `;` ends the part of the name that Envoy makes a tag of. */
function statPrefixOf(name: string): string {
  return `outbound_${name};`;
}

function listenerFilters(chains: readonly GatewayChain[], { settings }: GatewayWorld): ListenerFilter[] {
  const hasProxyProtocol = settings.config.defaultConfig?.gatewayTopology?.proxyProtocol !== undefined;
  return [...(hasProxyProtocol ? [proxyProtocol] : []), ...(chains.some(needsTlsInspector) ? [tlsInspector] : [])];
}

/** A load balancer in front says who the client is; the header goes before everything else. */
const proxyProtocol: ListenerFilter = typedFilter(
  'envoy.filters.listener.proxy_protocol',
  'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol',
);
