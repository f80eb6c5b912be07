import type { CidrRange } from '../../envoy/generated/envoy/config/core/v3/CidrRange.ts';
import type { Metadata } from '../../envoy/generated/envoy/config/core/v3/Metadata.ts';
import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { FilterChainMatch } from '../../envoy/generated/envoy/config/listener/v3/FilterChainMatch.ts';
import { formatAddress, formatCidr, maskCidr, parseCidr } from '../../lib/cidr.ts';
import { compareText } from '../../model/config-object.ts';

/** A filter chain of an outbound listener before the listener is settled (Istio `filterChainOpts`). */
export interface OutboundChain {
  readonly sniHosts: readonly string[];
  readonly cidrs: readonly string[];
  readonly applicationProtocols: readonly string[];
  readonly transportProtocol: '' | 'raw_buffer';
  readonly metadata?: Metadata;
  /** The HTTP chain is built when the listener has its name; TCP chains bring their filters. */
  readonly filters: readonly Filter[] | 'http';
}

/** Whether every connection fits. */
export function isMatchAll({ sniHosts, cidrs, applicationProtocols, transportProtocol }: OutboundChain): boolean {
  const anyName = sniHosts.length === 0 || sniHosts.includes('*');
  return anyName && applicationProtocols.length === 0 && transportProtocol === '' && cidrs.length === 0;
}

/** Whether Envoy could not tell the two apart, and would refuse the listener. Order, `*` and host bits of prefixes do not matter. */
export function conflicts(a: OutboundChain, b: OutboundChain): boolean {
  return (
    a.transportProtocol === b.transportProtocol &&
    sameTexts(a.applicationProtocols, b.applicationProtocols) &&
    sameTexts(names(a.sniHosts), names(b.sniHosts)) &&
    sameTexts(prefixes(a.cidrs), prefixes(b.cidrs))
  );
}

function names(sniHosts: readonly string[]): readonly string[] {
  return [...new Set(sniHosts)].filter((host) => host !== '*').sort(compareText);
}

function prefixes(cidrs: readonly string[]): readonly string[] {
  const known = cidrs.flatMap((text) => parseCidr(text) ?? []).filter((cidr) => formatAddress(cidr) !== '0.0.0.0');
  return [...new Set(known.map((cidr) => formatCidr(maskCidr(cidr))))].sort(compareText);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** Undefined: everything. */
export function chainMatch(chain: OutboundChain): FilterChainMatch | undefined {
  if (isMatchAll(chain)) return undefined;
  const ranges = [...chain.cidrs].sort(compareText).flatMap(cidrRange);
  const hosts = chain.sniHosts.includes('*') ? [] : [...chain.sniHosts].sort(compareText);
  return {
    ...(ranges.length > 0 && { prefix_ranges: ranges }),
    ...(hosts.length > 0 && { server_names: hosts }),
    ...(chain.transportProtocol !== '' && { transport_protocol: chain.transportProtocol }),
    ...(chain.applicationProtocols.length > 0 && { application_protocols: [...chain.applicationProtocols] }),
  };
}

/** The prefix as the user wrote it; every IPv4 address (0.0.0.0) needs none. */
function cidrRange(text: string): readonly CidrRange[] {
  const cidr = parseCidr(text);
  if (cidr === undefined) return [];
  const address = formatAddress(cidr);
  return address === '0.0.0.0' ? [] : [{ address_prefix: address, prefix_len: { value: cidr.prefixLength } }];
}
