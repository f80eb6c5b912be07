/** Sidecar: what a workload receives and reaches. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string, uint32 } from '../field/scalars.ts';
import { connectionPoolSettings } from '../parts/connection-pool.ts';
import { labelsSelector } from '../parts/labels-selector.ts';
import { destination } from '../parts/route-destination.ts';
import { serverTlsSettings } from '../parts/server-tls-settings.ts';

export const sidecarPort = object({
  number: uint32(),
  protocol: string(),
  name: string(),
  targetPort: uint32(),
});
export type SidecarPort = Infer<typeof sidecarPort>;

const captureMode = choice(['DEFAULT', 'IPTABLES', 'NONE']);

export const istioIngressListener = object({
  port: required(sidecarPort),
  bind: string(),
  captureMode,
  defaultEndpoint: string(),
  tls: serverTlsSettings,
  connectionPool: connectionPoolSettings,
});
export type IstioIngressListener = Infer<typeof istioIngressListener>;

export const istioEgressListener = object({
  port: sidecarPort,
  bind: string(),
  captureMode,
  hosts: required(list(string())),
});
export type IstioEgressListener = Infer<typeof istioEgressListener>;

export const sidecarOutboundTrafficPolicy = object({
  mode: choice(['REGISTRY_ONLY', 'ALLOW_ANY']),
  egressProxy: destination,
});
export type SidecarOutboundTrafficPolicy = Infer<typeof sidecarOutboundTrafficPolicy>;

export const sidecar = object({
  workloadSelector: labelsSelector,
  ingress: list(istioIngressListener),
  egress: list(istioEgressListener),
  inboundConnectionPool: connectionPoolSettings,
  outboundTrafficPolicy: sidecarOutboundTrafficPolicy,
});
export type Sidecar = Infer<typeof sidecar>;
