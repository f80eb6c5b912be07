/** Kubernetes Ingress (networking.k8s.io/v1) and its class. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string } from '../field/scalars.ts';
import { loadBalancerStatus } from './service.ts';

const ingressBackend = object({
  service: object({
    name: string({ required: true }),
    port: object({ number: int32({ min: 1, max: 65535 }), name: string() }),
  }),
  resource: object({ apiGroup: string(), kind: string(), name: string() }),
});
export type IngressBackend = Infer<typeof ingressBackend>;

const ingressPath = object({
  path: string(),
  pathType: choice(['Exact', 'Prefix', 'ImplementationSpecific']),
  backend: ingressBackend,
});
export type IngressPath = Infer<typeof ingressPath>;

const ingressRule = object({
  host: string(),
  http: object({ paths: list(ingressPath) }),
});
export type IngressRule = Infer<typeof ingressRule>;

export const ingress = object({
  spec: object({
    ingressClassName: string(),
    defaultBackend: ingressBackend,
    tls: list(object({ hosts: list(string()), secretName: string() })),
    rules: list(ingressRule),
  }),
  status: object({ loadBalancer: loadBalancerStatus }),
});
export type Ingress = Infer<typeof ingress>;

export const ingressClass = object({ spec: object({ controller: string() }) });
export type IngressClass = Infer<typeof ingressClass>;
