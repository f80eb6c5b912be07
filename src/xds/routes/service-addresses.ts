import type { ProxyFeatures } from '../../mesh/scope.ts';
import { addressesIn, type Service } from '../../model/service.ts';

/** What of a proxy decides by which addresses it knows a service. */
export interface AddressScope {
  readonly features: Pick<ProxyFeatures, 'ipv4' | 'ipv6' | 'usesAllocatedAddresses'>;
  readonly clusterId: string;
}

/**
 * The addresses under which a proxy reaches a service: its own (those of the proxy's cluster), of the families that the proxy speaks; for a service
 * without any, the allocated ones where the proxy captures DNS (Istio `getAllAddressesForProxy`). Addresses of a
 * ServiceEntry count in every family, because Envoy matches on them and never connects to them.
 */
export function serviceAddresses(service: Service, scope: AddressScope): readonly string[] {
  const { ipv4, ipv6, usesAllocatedAddresses } = scope.features;
  const isSpoken = (address: string) => (address.includes(':') ? ipv6 : ipv4);
  const own = addressesIn(service, scope.clusterId);
  if (own.length > 0) return service.provider === 'Kubernetes' ? own.filter(isSpoken) : own;
  if (!usesAllocatedAddresses) return [];
  const { v4, v6 } = service.autoAllocated;
  return [...(v4 === undefined ? [] : [v4]), ...(v6 === undefined ? [] : [v6])].filter(isSpoken);
}
