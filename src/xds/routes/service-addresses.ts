import type { OutboundScope } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';

/**
 * The addresses under which a proxy reaches a service: its own, of the families that the proxy speaks; for a service
 * without any, the allocated ones where the proxy captures DNS (Istio `getAllAddressesForProxy`). Addresses of a
 * ServiceEntry count in every family, because Envoy matches on them and never connects to them.
 */
export function serviceAddresses(service: Service, scope: Pick<OutboundScope, 'features'>): readonly string[] {
  const { ipv4, ipv6, usesAllocatedAddresses } = scope.features;
  const isSpoken = (address: string) => (address.includes(':') ? ipv6 : ipv4);
  if (service.addresses.length > 0) {
    return service.provider === 'Kubernetes' ? service.addresses.filter(isSpoken) : service.addresses;
  }
  if (!usesAllocatedAddresses) return [];
  const { v4, v6 } = service.autoAllocated;
  return [...(v4 === undefined ? [] : [v4]), ...(v6 === undefined ? [] : [v6])].filter(isSpoken);
}
