import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { CompiledPatch } from './compiled-patch.ts';

/** Whether `match.listener` takes the listener. Ports of the virtual ones are matched per chain, except by LISTENER patches. */
export function matchesListener({ name, address }: Listener, { match, applyTo }: CompiledPatch): boolean {
  const wanted = match.listener;
  if (wanted === undefined) return true;
  if (wanted.name && wanted.name !== name) return false;
  if (applyTo !== 'LISTENER' && isVirtual(name)) return true;
  return !wanted.portNumber || address?.socket_address?.port_value === wanted.portNumber;
}

/** Whether it takes a chain of a listener that it takes. `portName` and `transportSocket` are looked at by nobody, as in Istio. */
export function matchesChain({ name: listener }: Listener, chain: FilterChain, { match }: CompiledPatch): boolean {
  const wanted = match.listener;
  if (wanted === undefined) return true;
  const { filter_chain_match: of } = chain;
  const port = of?.destination_port?.value;
  if (isVirtual(listener) && wanted.portNumber && (port ?? 0) !== wanted.portNumber) return false;
  const { name, sni, transportProtocol, applicationProtocols, destinationPort } = wanted.filterChain ?? {};
  if (name && name !== chain.name) return false;
  if (sni && !(of?.server_names ?? []).includes(sni)) return false;
  if (transportProtocol && of?.transport_protocol !== transportProtocol) return false;
  if (applicationProtocols && !applicationProtocols.split(',').every((one) => (of?.application_protocols ?? []).includes(one)))
    return false;
  return !destinationPort || port === destinationPort;
}

function isVirtual(name: string | undefined): boolean {
  return name === 'virtualInbound' || name === 'virtualOutbound';
}
