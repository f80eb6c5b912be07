import type { Address } from '../../envoy/generated/envoy/config/core/v3/Address.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { wrappedBool } from '../wrapped.ts';

/** Listeners by `address:port`. */
export interface ListenerIndex {
  /** The one of an address, else one of all addresses at the port; of a listener that is bound to no port only where `bound` is false. */
  at(address: string, port: number, bound: boolean): Listener | undefined;
  /** What takes intercepted connections of a direction before anybody else sees them. */
  entry(direction: 'outbound' | 'inbound'): Listener | undefined;
  /** All listeners at a port. */
  onPort(port: number): readonly Listener[];
}

/** Istio's names for the listeners to which connections are redirected. */
export const entryNames = { outbound: 'virtualOutbound', inbound: 'virtualInbound' } as const;

export function listenerIndex(listeners: Iterable<Listener>): ListenerIndex {
  const byAddress = new Map<string, Listener>();
  const byName = new Map<string, Listener>();
  const byPort = new Map<number, Listener[]>();
  for (const listener of listeners) {
    byName.set(listener.name ?? '', listener);
    for (const address of addressesOf(listener)) {
      const { address: host = '', port_value: port = 0 } = address.socket_address ?? {};
      const key = `${host}:${port}`;
      if (!byAddress.has(key)) byAddress.set(key, listener);
      byPort.set(port, [...(byPort.get(port) ?? []), listener]);
    }
  }
  const found = (key: string, bound: boolean) => {
    const listener = byAddress.get(key);
    return listener !== undefined && (!bound || isBound(listener)) ? listener : undefined;
  };
  return {
    at: (address, port, bound) => {
      const wildcards = address.includes(':') ? ['::'] : ['0.0.0.0', '::'];
      for (const host of [address, ...wildcards]) {
        const listener = found(`${host}:${port}`, bound);
        if (listener !== undefined) return listener;
      }
      return undefined;
    },
    entry: (direction) => byName.get(entryNames[direction]),
    onPort: (port) => byPort.get(port) ?? [],
  };
}

export function isBound({ bind_to_port, deprecated_v1 }: Listener): boolean {
  return wrappedBool(bind_to_port ?? deprecated_v1?.bind_to_port, true);
}

export function addressesOf({ address, additional_addresses }: Listener): readonly Address[] {
  return [address, ...(additional_addresses ?? []).map((each) => each.address)].filter((each) => each !== null && each !== undefined);
}

/** `0.0.0.0:80`, and whatever else the listener is at. */
export function addressText(listener: Listener): string {
  return addressesOf(listener)
    .map(({ socket_address: socket, pipe }) => (socket ? `${socket.address}:${socket.port_value ?? 0}` : (pipe?.path ?? '')))
    .join(', ');
}
