/** Kubernetes EndpointSlice: addresses behind a Service. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, int32, string } from '../field/scalars.ts';

const sliceEndpoint = object({
  addresses: required(list(string(), { minItems: 1, maxItems: 100 })),
  conditions: object({ ready: bool(), serving: bool(), terminating: bool() }),
  hostname: string(),
  nodeName: string(),
  zone: string(),
  deprecatedTopology: map(string()),
  targetRef: object({ kind: string(), namespace: string(), name: string(), uid: string() }),
  hints: object({ forZones: list(object({ name: string() })), forNodes: list(object({ name: string() })) }),
});
export type SliceEndpoint = Infer<typeof sliceEndpoint>;

const slicePort = object({
  name: string(),
  protocol: string(),
  port: int32({ min: 0, max: 65535 }),
  appProtocol: string(),
});
export type SlicePort = Infer<typeof slicePort>;

export const endpointSlice = object({
  addressType: choice(['IPv4', 'IPv6', 'FQDN']),
  endpoints: list(sliceEndpoint),
  ports: list(slicePort),
});
export type EndpointSlice = Infer<typeof endpointSlice>;
