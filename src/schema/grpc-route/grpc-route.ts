/** GRPCRoute: routing of gRPC calls. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, int32, string } from '../field/scalars.ts';
import { headerModifier, localObjectReference, mirrorFilter, parentReference, sessionPersistence } from '../parts/gateway-api.ts';
import { apiGroup, dnsLabel, dnsSubdomain, headerName, kindName, wildcardHostname } from '../parts/name-checks.ts';

const grpcRouteFilter = object({
  extensionRef: localObjectReference,
  requestHeaderModifier: headerModifier,
  requestMirror: mirrorFilter,
  responseHeaderModifier: headerModifier,
  type: choice(['ResponseHeaderModifier', 'RequestHeaderModifier', 'RequestMirror', 'ExtensionRef'], { required: true }),
});
export type GrpcRouteFilter = Infer<typeof grpcRouteFilter>;

const grpcBackendRef = object({
  filters: list(grpcRouteFilter, { maxItems: 16 }),
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  port: int32({ min: 1, max: 65535 }),
  weight: int32({ min: 0, max: 1000000 }),
});
export type GrpcBackendRef = Infer<typeof grpcBackendRef>;

const grpcHeaderMatch = object({
  name: string({ minLength: 1, maxLength: 256, check: headerName, required: true }),
  type: choice(['Exact', 'RegularExpression']),
  value: string({ minLength: 1, maxLength: 4096, required: true }),
});
export type GrpcHeaderMatch = Infer<typeof grpcHeaderMatch>;

const grpcMethodMatch = object({
  method: string({ maxLength: 1024 }),
  service: string({ maxLength: 1024 }),
  type: choice(['Exact', 'RegularExpression']),
});
export type GrpcMethodMatch = Infer<typeof grpcMethodMatch>;

const grpcRouteMatch = object({
  headers: list(grpcHeaderMatch, { maxItems: 16 }),
  method: grpcMethodMatch,
});
export type GrpcRouteMatch = Infer<typeof grpcRouteMatch>;

const grpcRouteRule = object({
  backendRefs: list(grpcBackendRef, { maxItems: 16 }),
  filters: list(grpcRouteFilter, { maxItems: 16 }),
  matches: list(grpcRouteMatch, { maxItems: 64 }),
  name: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
  sessionPersistence,
});
export type GrpcRouteRule = Infer<typeof grpcRouteRule>;

export const grpcRoute = object({
  hostnames: list(string({ minLength: 1, maxLength: 253, check: wildcardHostname }), { maxItems: 16 }),
  parentRefs: list(parentReference, { maxItems: 32 }),
  rules: list(grpcRouteRule, { maxItems: 16 }),
  useDefaultGateways: choice(['All', 'None']),
});
export type GrpcRoute = Infer<typeof grpcRoute>;
