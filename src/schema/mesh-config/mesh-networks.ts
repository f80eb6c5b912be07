/** MeshNetworks: which endpoints are on which network and through which gateways they are reached. */

import { list, map, object, required } from '../field/composites.ts';
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
    port: uint32({ required: true }),
    locality: string(),
  },
  { atMostOneOf: [['registryServiceName', 'address']] },
);
export type IstioNetworkGateway = Infer<typeof istioNetworkGateway>;

const meshNetwork = object({
  endpoints: required(list(networkEndpoints)),
  gateways: required(list(istioNetworkGateway)),
});
export type MeshNetwork = Infer<typeof meshNetwork>;

export const meshNetworks = object({
  networks: required(map(meshNetwork)),
});
export type MeshNetworks = Infer<typeof meshNetworks>;
