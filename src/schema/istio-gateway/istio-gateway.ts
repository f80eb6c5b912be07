/** Istio Gateway: servers of a gateway workload. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { string, uint32 } from '../field/scalars.ts';
import { serverTlsSettings } from '../parts/server-tls-settings.ts';

export const gatewayPort = object({
  number: uint32({ required: true }),
  protocol: string({ required: true }),
  name: string({ required: true }),
  targetPort: uint32(),
});
export type GatewayPort = Infer<typeof gatewayPort>;

export const gatewayServer = object({
  port: required(gatewayPort),
  bind: string(),
  hosts: required(list(string())),
  tls: serverTlsSettings,
  defaultEndpoint: string(),
  name: string(),
});
export type GatewayServer = Infer<typeof gatewayServer>;

export const istioGateway = object({
  servers: list(gatewayServer),
  selector: map(string()),
});
export type IstioGateway = Infer<typeof istioGateway>;
