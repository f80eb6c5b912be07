import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { durationField } from '../clusters/duration-field.ts';
import type { ExtensionFilter } from '../extensions/extension-filters.ts';
import { sniForwardProxyName } from '../filters/forward-proxy-filter.ts';
import { buildHttpConnectionManager } from '../filters/http-connection-manager.ts';
import { filtersBeforeHttp } from '../filters/network-filters.ts';
import { listenerName } from '../names.ts';
import { additionalAddresses, listenerAddress } from './listener-addresses.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';
import { type MergedOutbound, mergeOutboundEntries } from './merge-outbound-entries.ts';
import { chainMatch, isMatchAll, type OutboundChain } from './outbound-chain.ts';
import type { OutboundEntry, OutboundWorld } from './outbound-entry.ts';
import { outboundRouteName } from './outbound-route-name.ts';
import { passthroughChain } from './passthrough-chain.ts';

/** Slow TLS handshakes must not hold memory (Istio PILOT_GATEWAY_TRANSPORT_SOCKET_CONNECT_TIMEOUT, which means sidecars too). */
const handshakeTimeout = { seconds: '15', nanos: 0 };
const never = { seconds: '0', nanos: 0 };

/**
 * The listener of one address and port, made of all service ports with that key, in Istio's order of services and with those
 * of a Sidecar's egress listeners with a port first (Istio `buildListenerFromEntry`). Undefined where none of them has a
 * chain.
 */
export function buildOutboundListener(entries: readonly OutboundEntry[], world: OutboundWorld): Listener | undefined {
  const merged = mergeOutboundEntries(entries, world);
  if (merged === undefined || merged.chains.length === 0) return undefined;
  const { entry, chains } = merged;
  const port = entry.port.number;
  const name = listenerName(entry.bind, port);
  const needsTls = chains.some(needsTlsInspector);
  const needsHttp = chains.some(({ applicationProtocols }) => applicationProtocols.length > 0);
  return {
    name,
    address: listenerAddress(entry.bind, port),
    ...additionalAddresses(entry.extraBinds, port),
    traffic_direction: 'OUTBOUND',
    continue_on_listener_filters_timeout: true,
    ...(entry.bindToPort ? { max_connections_to_accept_per_socket_event: { value: 1 } } : { bind_to_port: { value: false } }),
    listener_filters: [...(needsTls ? [tlsInspector] : []), ...(needsHttp ? [httpInspector] : [])],
    listener_filters_timeout: (needsHttp && durationField(world.context.settings.config.protocolDetectionTimeout)) || never,
    ...filterChains(merged, name, world),
  };
}

function needsTlsInspector({ sniHosts, filters }: OutboundChain): boolean {
  return sniHosts.length > 0 || (filters !== 'http' && filters.some((filter) => filter.name === sniForwardProxyName));
}

/** The chain that takes everything becomes the default, so that a connection which half fits another chain is not lost. */
function filterChains(
  merged: MergedOutbound,
  name: string,
  world: OutboundWorld,
): Pick<Listener, 'filter_chains' | 'default_filter_chain'> {
  const built = merged.chains.map((chain) => ({ all: isMatchAll(chain), chain: filterChain(chain, merged, name, world) }));
  const matching = built.filter(({ all }) => !all).map(({ chain }) => chain);
  const matchAll = built.findLast(({ all }) => all)?.chain;
  if (matchAll === undefined) return { filter_chains: matching, default_filter_chain: passthroughChain(world.context) };
  return matching.length === 0 ? { filter_chains: [matchAll] } : { filter_chains: matching, default_filter_chain: matchAll };
}

function filterChain(chain: OutboundChain, merged: MergedOutbound, name: string, world: OutboundWorld): FilterChain {
  const match = chainMatch(chain);
  return {
    ...(match && { filter_chain_match: match }),
    filters: chain.filters === 'http' ? httpFilterChain(merged, name, world) : [...chain.filters],
    ...(chain.metadata && { metadata: chain.metadata }),
    transport_socket_connect_timeout: handshakeTimeout,
  };
}

function httpFilterChain({ entry, httpEntry = entry }: MergedOutbound, name: string, world: OutboundWorld): ExtensionFilter[] {
  const { context, httpPolicies } = world;
  const manager = buildHttpConnectionManager({
    context,
    statPrefix: `outbound_${name};`,
    routes: outboundRouteName(httpEntry, httpEntry.service.hostname, context.scope),
    protocol: httpEntry.port.protocol,
    port: entry.port.number,
    service: httpEntry.service,
    ...(httpPolicies && { policies: httpPolicies }),
  });
  return [...filtersBeforeHttp(context, entry.port.number), manager];
}
