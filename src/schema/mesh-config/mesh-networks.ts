/** MeshNetworks: which endpoints are on which network and through which gateways they are reached. */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string, uint32 } from '../field/scalars.ts';

const networkEndpoints = object(
  {
    fromCidr: string(),
    fromRegistry: string(),
  },
  { atMostOneOf: [['fromCidr', 'fromRegistry']] },
);
export type NetworkEndpoints = Infer<typeof networkEndpoints>;

const istioNetworkGateway = object(
  {
    registryServiceName: string(),
    address: string(),
    port: uint32(),
    locality: string(),
  },
  { atMostOneOf: [['registryServiceName', 'address']] },
);
export type IstioNetworkGateway = Infer<typeof istioNetworkGateway>;

const meshNetwork = object({
  endpoints: list(networkEndpoints),
  gateways: list(istioNetworkGateway),
});
export type MeshNetwork = Infer<typeof meshNetwork>;

export const meshNetworks = object({
  networks: map(meshNetwork),
});
export type MeshNetworks = Infer<typeof meshNetworks>;
