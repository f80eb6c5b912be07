import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { ListenerFilterChainMatchPredicate as Predicate } from '../../../src/envoy/generated/envoy/config/listener/v3/ListenerFilterChainMatchPredicate.ts';
import type { CallInput } from './case.ts';

const wildcardAddress = '0.0.0.0';

/** Step 1: the listener that a call arrives at. */
export function pickListener(listeners: readonly Listener[], { callMode, address, port }: CallInput): Listener | undefined {
  const named = (name: string) => listeners.find((listener) => listener.name === name);
  if (callMode === 'inbound') return named('virtualInbound');
  const at = (wanted: string) =>
    listeners.find(({ address: own }) => own?.socket_address?.address === wanted && own.socket_address.port_value === port);
  return at(address ?? '') ?? at(wildcardAddress) ?? named('virtualOutbound');
}

/** Whether a listener filter runs for a port: it is there and not switched off. */
export function hasListenerFilter(listener: Listener, suffix: string, port: number): boolean {
  return (listener.listener_filters ?? []).some(
    ({ name, filter_disabled }) => name?.endsWith(suffix) === true && !(filter_disabled && holds(filter_disabled, port)),
  );
}

function holds(predicate: Predicate, port: number): boolean {
  const { any_match, not_match, or_match, and_match, destination_port_range: range } = predicate;
  if (any_match === true) return true;
  if (not_match) return !holds(not_match, port);
  if (or_match) return (or_match.rules ?? []).some((rule) => holds(rule, port));
  if (and_match) return (and_match.rules ?? []).every((rule) => holds(rule, port));
  return range !== null && range !== undefined && port >= (range.start ?? 0) && port < (range.end ?? 0);
}
