import type { MeshSettings } from '../../mesh/settings.ts';
import { isHttp, isTcp, type Protocol } from '../../model/protocol.ts';
import { plainHttpVersions } from './http-versions.ts';
import { wildcardAddresses } from './listener-addresses.ts';
import { listenerProtocol } from './listener-protocol.ts';
import { conflicts, type OutboundChain } from './outbound-chain.ts';
import type { OutboundEntry, OutboundWorld } from './outbound-entry.ts';
import { buildOutboundTcpChains } from './outbound-tcp-chains.ts';

/** What the services on one address and port come to. */
export interface MergedOutbound {
  /** The entry that holds for the listener as a whole. */
  readonly entry: OutboundEntry;
  /** Of the port, or `Auto` as soon as HTTP and byte streams are told apart on it. */
  readonly protocol: Protocol;
  readonly chains: readonly OutboundChain[];
  /** The entry that the HTTP chain was made for, if there is such a chain. */
  readonly httpEntry?: OutboundEntry;
}

/**
 * Adds the services one after the other, in Istio's order (`buildSidecarOutboundListener`): HTTP joins HTTP, and is told from
 * TCP by sniffing; a sniffed port takes the place of an HTTP one; TCP chains are added unless Envoy could not tell them from
 * those that are there, so the first service has it. MySQL and Mongo share a port with nobody else, because servers that
 * speak first cannot be sniffed.
 */
export function mergeOutboundEntries(entries: readonly OutboundEntry[], world: OutboundWorld): MergedOutbound | undefined {
  let merged: MergedOutbound | undefined;
  for (const entry of entries) merged = add(merged, entry, world);
  return merged;
}

function add(current: MergedOutbound | undefined, entry: OutboundEntry, world: OutboundWorld): MergedOutbound | undefined {
  const { protocol } = entry.port;
  // A Sidecar's listener with a port of its own is closed to services of its other listeners.
  if (current?.entry.isExplicit === true && !entry.isExplicit) return current;
  if (protocol === 'HTTP_PROXY') return { entry, protocol, chains: [httpChain()], httpEntry: entry };
  switch (listenerProtocol(protocol)) {
    case 'none':
      return current;
    case 'http':
      return addHttp(current, entry, world);
    case 'tcp':
      return addTcp(current, entry, world);
    case 'auto':
      return addSniffed(current, entry, world);
  }
}

function addHttp(current: MergedOutbound | undefined, entry: OutboundEntry, world: OutboundWorld): MergedOutbound {
  if (current !== undefined && !isTcp(current.protocol)) return current;
  const { settings, scope } = world.context;
  const isShared = entry.bind === wildcardAddresses(scope)[0];
  const chain = isShared ? sniffedHttpChain(settings) : httpChain();
  if (current === undefined) return { entry, protocol: isShared ? 'Auto' : entry.port.protocol, chains: [chain], httpEntry: entry };
  if (!mayShare(current.protocol, entry.port.protocol)) return current;
  return { ...current, protocol: 'Auto', chains: withNew(current.chains, [chain]), httpEntry: entry };
}

function addTcp(current: MergedOutbound | undefined, entry: OutboundEntry, world: OutboundWorld): MergedOutbound {
  if (current !== undefined && !mayShare(current.protocol, entry.port.protocol)) return current;
  const chains = buildOutboundTcpChains(entry, world);
  if (current === undefined) return { entry, protocol: entry.port.protocol, chains };
  const protocol = isHttp(current.protocol) ? 'Auto' : current.protocol;
  return { ...current, protocol, chains: withNew(current.chains, chains) };
}

/** A port that is sniffed already gets no byte streams of a further sniffed service: they cannot be told from those that are there. */
function addSniffed(current: MergedOutbound | undefined, entry: OutboundEntry, world: OutboundWorld): MergedOutbound {
  if (current?.protocol === 'Auto') return current;
  if (current !== undefined && !mayShare(current.protocol, entry.port.protocol)) return current;
  const both = [...buildOutboundTcpChains(entry, world), sniffedHttpChain(world.context.settings)];
  if (current === undefined || isHttp(current.protocol)) return { entry, protocol: 'Auto', chains: both, httpEntry: entry };
  return { ...current, protocol: 'Auto', chains: withNew(current.chains, both), httpEntry: entry };
}

function httpChain(): OutboundChain {
  return { sniHosts: [], cidrs: [], applicationProtocols: [], transportProtocol: '', filters: 'http' };
}

function sniffedHttpChain(settings: MeshSettings): OutboundChain {
  return { ...httpChain(), applicationProtocols: plainHttpVersions(settings), transportProtocol: 'raw_buffer' };
}

function withNew(chains: readonly OutboundChain[], incoming: readonly OutboundChain[]): readonly OutboundChain[] {
  const merged = [...chains];
  for (const chain of incoming) if (!merged.some((existing) => conflicts(existing, chain))) merged.push(chain);
  return merged;
}

/** Istio `isConflictWithWellKnownPort`. */
function mayShare(existing: Protocol, incoming: Protocol): boolean {
  const serverFirst = [existing, incoming].some((protocol) => protocol === 'Mongo' || protocol === 'MySQL');
  return !serverFirst || existing === incoming;
}
