import type { Address } from '../../envoy/generated/envoy/config/core/v3/Address.ts';
import type { AdditionalAddress } from '../../envoy/generated/envoy/config/listener/v3/AdditionalAddress.ts';
import type { OutboundScope } from '../../mesh/scope.ts';

export type IpScope = { readonly features: Pick<OutboundScope['features'], 'ipv4' | 'ipv6'> };
type Addresses = readonly [string, ...string[]];

/** Everything of the address families that the proxy has; listeners are named after the first one. */
export function wildcardAddresses(scope: IpScope): Addresses {
  return byFamily(scope, '0.0.0.0', '::');
}

export function loopbackAddresses(scope: IpScope): Addresses {
  return byFamily(scope, '127.0.0.1', '::1');
}

function byFamily({ features }: IpScope, v4: string, v6: string): Addresses {
  if (!features.ipv6) return [v4];
  return features.ipv4 ? [v4, v6] : [v6];
}

/** Port 0: a Unix domain socket. */
export function listenerAddress(address: string, port: number): Address {
  if (port === 0) return { pipe: { path: address.replace(/^unix:\/\//, '') } };
  return { socket_address: { address, port_value: port } };
}

export function additionalAddresses(addresses: readonly string[], port: number): { additional_addresses?: AdditionalAddress[] } {
  if (addresses.length === 0) return {};
  return { additional_addresses: addresses.map((address) => ({ address: listenerAddress(address, port) })) };
}
