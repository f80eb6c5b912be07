/** Gateway of the Gateway API: listeners of a gateway. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string } from '../field/scalars.ts';
import { labelSelector, listener, localObjectReference, parametersReference, secretReference } from '../parts/gateway-api.ts';

const gatewayAddress = object({
  type: string({ minLength: 1, maxLength: 253 }),
  value: string({ maxLength: 253 }),
});
export type GatewayAddress = Infer<typeof gatewayAddress>;

const listenerNamespaces = object({
  from: choice(['All', 'Selector', 'Same', 'None']),
  selector: labelSelector,
});
export type ListenerNamespaces = Infer<typeof listenerNamespaces>;

const allowedListeners = object({
  namespaces: listenerNamespaces,
});
export type AllowedListeners = Infer<typeof allowedListeners>;

const gatewayInfrastructure = object({
  annotations: map(string({ maxLength: 4096 }), { maxEntries: 16 }),
  labels: map(string({ maxLength: 63 }), { maxEntries: 8 }),
  parametersRef: localObjectReference,
});
export type GatewayInfrastructure = Infer<typeof gatewayInfrastructure>;

const gatewayBackendTls = object({
  clientCertificateRef: secretReference,
});
export type GatewayBackendTls = Infer<typeof gatewayBackendTls>;

const frontendValidation = object({
  caCertificateRefs: required(list(parametersReference, { minItems: 1, maxItems: 16 })),
  mode: choice(['AllowValidOnly', 'AllowInsecureFallback']),
});
export type FrontendValidation = Infer<typeof frontendValidation>;

const frontendTls = object({
  validation: frontendValidation,
});
export type FrontendTls = Infer<typeof frontendTls>;

const portFrontend = object({
  port: int32({ min: 1, max: 65535, required: true }),
  tls: required(frontendTls),
});
export type PortFrontend = Infer<typeof portFrontend>;

const gatewayFrontend = object({
  default: required(frontendTls),
  perPort: list(portFrontend, { maxItems: 64 }),
});
export type GatewayFrontend = Infer<typeof gatewayFrontend>;

const gatewayTls = object({
  backend: gatewayBackendTls,
  frontend: gatewayFrontend,
});
export type GatewayTls = Infer<typeof gatewayTls>;

export const kubernetesGateway = object({
  addresses: list(gatewayAddress, { maxItems: 16 }),
  allowedListeners,
  defaultScope: choice(['All', 'None']),
  gatewayClassName: string({ minLength: 1, maxLength: 253, required: true }),
  infrastructure: gatewayInfrastructure,
  listeners: required(list(listener, { maxItems: 64 })),
  tls: gatewayTls,
});
export type KubernetesGateway = Infer<typeof kubernetesGateway>;
