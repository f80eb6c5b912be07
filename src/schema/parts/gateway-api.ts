/** Structures that several kinds of the Gateway API share. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, duration, int32, string } from '../field/scalars.ts';
import { apiGroup, dnsLabel, dnsSubdomain, headerName, kindName, wildcardHostname } from '../parts/name-checks.ts';

export const parametersReference = object({
  group: string({ maxLength: 253, check: apiGroup, required: true }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
});
export type ParametersReference = Infer<typeof parametersReference>;

export const labelSelectorRequirement = object({
  key: string({ required: true }),
  operator: string({ required: true }),
  values: list(string()),
});
export type LabelSelectorRequirement = Infer<typeof labelSelectorRequirement>;

export const labelSelector = object({
  matchExpressions: list(labelSelectorRequirement),
  matchLabels: map(string()),
});
export type LabelSelector = Infer<typeof labelSelector>;

export const localObjectReference = object({
  group: string({ maxLength: 253, check: apiGroup, required: true }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
});
export type LocalObjectReference = Infer<typeof localObjectReference>;

export const routeGroupKind = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName, required: true }),
});
export type RouteGroupKind = Infer<typeof routeGroupKind>;

export const routeNamespaces = object({
  from: choice(['All', 'Selector', 'Same']),
  selector: labelSelector,
});
export type RouteNamespaces = Infer<typeof routeNamespaces>;

export const allowedRoutes = object({
  kinds: list(routeGroupKind, { maxItems: 8 }),
  namespaces: routeNamespaces,
});
export type AllowedRoutes = Infer<typeof allowedRoutes>;

export const secretReference = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
});
export type SecretReference = Infer<typeof secretReference>;

export const listenerTls = object({
  certificateRefs: list(secretReference, { maxItems: 64 }),
  mode: choice(['Terminate', 'Passthrough']),
  options: map(string({ maxLength: 4096 }), { maxEntries: 16 }),
});
export type ListenerTls = Infer<typeof listenerTls>;

export const listener = object({
  allowedRoutes,
  hostname: string({ minLength: 1, maxLength: 253, check: wildcardHostname }),
  name: string({ minLength: 1, maxLength: 253, check: dnsSubdomain, required: true }),
  port: int32({ min: 1, max: 65535, required: true }),
  protocol: string({ minLength: 1, maxLength: 255, required: true }),
  tls: listenerTls,
});
export type Listener = Infer<typeof listener>;

export const parentReference = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  port: int32({ min: 1, max: 65535 }),
  sectionName: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
});
export type ParentReference = Infer<typeof parentReference>;

export const backendObjectReference = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  port: int32({ min: 1, max: 65535 }),
});
export type BackendObjectReference = Infer<typeof backendObjectReference>;

export const headerValue = object({
  name: string({ minLength: 1, maxLength: 256, check: headerName, required: true }),
  value: string({ minLength: 1, maxLength: 4096, required: true }),
});
export type HeaderValue = Infer<typeof headerValue>;

export const headerModifier = object({
  add: list(headerValue, { maxItems: 16 }),
  remove: list(string(), { maxItems: 16 }),
  set: list(headerValue, { maxItems: 16 }),
});
export type HeaderModifier = Infer<typeof headerModifier>;

export const fraction = object({
  denominator: int32({ min: 1 }),
  numerator: int32({ min: 0, required: true }),
});
export type Fraction = Infer<typeof fraction>;

export const mirrorFilter = object({
  backendRef: required(backendObjectReference),
  fraction,
  percent: int32({ min: 0, max: 100 }),
});
export type MirrorFilter = Infer<typeof mirrorFilter>;

export const cookieConfig = object({
  lifetimeType: choice(['Permanent', 'Session']),
});
export type CookieConfig = Infer<typeof cookieConfig>;

export const sessionPersistence = object({
  absoluteTimeout: duration(),
  cookieConfig,
  sessionName: string({ maxLength: 128 }),
  type: choice(['Cookie', 'Header']),
});
export type SessionPersistence = Infer<typeof sessionPersistence>;

export const weightedBackendRef = object({
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  port: int32({ min: 1, max: 65535 }),
  weight: int32({ min: 0, max: 1000000 }),
});
export type WeightedBackendRef = Infer<typeof weightedBackendRef>;

export const l4RouteRule = object({
  backendRefs: required(list(weightedBackendRef, { minItems: 1, maxItems: 16 })),
  name: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
});
export type L4RouteRule = Infer<typeof l4RouteRule>;
