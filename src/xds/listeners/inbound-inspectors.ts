import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { ListenerFilter } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilter.ts';
import type { ListenerFilterChainMatchPredicate as Predicate } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilterChainMatchPredicate.ts';
import { httpInspector, tlsInspector } from './listener-filters.ts';

/** Plain HTTP of these versions is told by the HTTP inspector. */
const sniffedVersions: readonly string[] = ['http/1.1', 'h2c'];

interface PortNeeds {
  readonly tls: boolean;
  readonly http: boolean;
}

/**
 * The inspectors that the chains need, each on the ports where some chain does, since looking at the first bytes breaks
 * servers that speak first (Istio `populateListenerFilters`). TLS comes before HTTP, which leaves TLS alone then.
 */
export function inboundInspectors(chains: readonly FilterChain[]): readonly ListenerFilter[] {
  const needs = needsByPort(chains);
  const ports = [...needs].sort(([a], [b]) => a - b);
  const any = (need: keyof PortNeeds) => ports.some(([, port]) => port[need]);
  return [...(any('tls') ? [tlsInspectorFor(needs)] : []), ...(any('http') ? [httpInspectorFor(needs)] : [])];
}

/** Port 0 stands for all that no chain names. */
function needsByPort(chains: readonly FilterChain[]): ReadonlyMap<number, PortNeeds> {
  const needs = new Map<number, PortNeeds>();
  for (const { filter_chain_match: match } of chains) {
    const port = match?.destination_port?.value ?? 0;
    const known = needs.get(port);
    const http = (match?.application_protocols ?? []).some((protocol) => sniffedVersions.includes(protocol));
    needs.set(port, { tls: known?.tls === true || match?.transport_protocol === 'tls', http: known?.http === true || http });
  }
  return needs;
}

/** Switched off for ports that do not need it, or on for those that do, depending on the ports that no chain names. */
function tlsInspectorFor(needs: ReadonlyMap<number, PortNeeds>): ListenerFilter {
  const isDefault = needs.get(0)?.tls === true;
  const exceptions = portsWhere(needs, (port) => port.tls !== isDefault).filter((port) => port !== 0);
  if (exceptions.length === 0) return tlsInspector;
  const onThem = portsPredicate(exceptions);
  return { ...tlsInspector, filter_disabled: isDefault ? onThem : { not_match: onThem } };
}

/** Ports that no chain names need it always. */
function httpInspectorFor(needs: ReadonlyMap<number, PortNeeds>): ListenerFilter {
  const without = portsWhere(needs, (port) => !port.http);
  return without.length === 0 ? httpInspector : { ...httpInspector, filter_disabled: portsPredicate(without) };
}

function portsWhere(needs: ReadonlyMap<number, PortNeeds>, holds: (port: PortNeeds) => boolean): readonly number[] {
  return [...needs].flatMap(([port, need]) => (holds(need) ? [port] : [])).sort((a, b) => a - b);
}

function portsPredicate(ports: readonly number[]): Predicate {
  const rules = ports.map((port): Predicate => ({ destination_port_range: { start: port, end: port + 1 } }));
  const [first] = rules;
  return rules.length === 1 && first !== undefined ? first : { or_match: { rules } };
}
