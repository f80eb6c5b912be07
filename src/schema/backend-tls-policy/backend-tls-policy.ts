/** BackendTLSPolicy: how a gateway speaks TLS to backends. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string } from '../field/scalars.ts';
import { localObjectReference } from '../parts/gateway-api.ts';
import { apiGroup, dnsSubdomain, kindName, wildcardHostname } from '../parts/name-checks.ts';

const backendTlsTarget = object({
  group: string({ maxLength: 253, check: apiGroup, required: true }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  sectionName: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
});
export type BackendTlsTarget = Infer<typeof backendTlsTarget>;

const subjectAltName = object({
  hostname: string({ minLength: 1, maxLength: 253, check: wildcardHostname }),
  type: choice(['Hostname', 'URI'], { required: true }),
  uri: string({ minLength: 1, maxLength: 253 }),
});
export type SubjectAltName = Infer<typeof subjectAltName>;

const backendTlsValidation = object({
  caCertificateRefs: list(localObjectReference, { maxItems: 8 }),
  hostname: string({ minLength: 1, maxLength: 253, check: dnsSubdomain, required: true }),
  subjectAltNames: list(subjectAltName, { maxItems: 5 }),
  wellKnownCACertificates: string({ minLength: 1, maxLength: 253 }),
});
export type BackendTlsValidation = Infer<typeof backendTlsValidation>;

export const backendTlsPolicy = object({
  options: map(string({ maxLength: 4096 }), { maxEntries: 16 }),
  targetRefs: required(list(backendTlsTarget, { minItems: 1, maxItems: 16 })),
  validation: required(backendTlsValidation),
});
export type BackendTlsPolicy = Infer<typeof backendTlsPolicy>;
