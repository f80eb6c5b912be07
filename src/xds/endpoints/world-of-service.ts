import type { EndpointWorld } from '../../mesh/cells/networks.ts';
import type { Service } from '../../model/service.ts';
import type { EndpointInput } from './endpoint-input.ts';
import { isResolvedByDns } from './select-endpoints.ts';

/** What the mesh as a whole says about the endpoints of a service; Envoy resolves the names of gateways where it resolves those of endpoints. */
export function worldOfService(world: EndpointWorld, service: Service): Pick<EndpointInput, 'isClusterLocal' | 'gateways'> {
  return {
    isClusterLocal: world.isClusterLocal(service.hostname),
    gateways: isResolvedByDns(service) ? world.namedGateways : world.gateways,
  };
}

/** What of a proxy's scope matters only where gateways lead between networks. */
export function addressFamilies(world: EndpointWorld, features: { readonly ipv4: boolean; readonly ipv6: boolean }): object {
  return world.namedGateways.all.length === 0 ? {} : { ipv4: features.ipv4, ipv6: features.ipv6 };
}
