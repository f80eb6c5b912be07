/** HTTPRoute: routing of HTTP requests. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int32, string } from '../field/scalars.ts';
import {
  backendObjectReference,
  headerModifier,
  localObjectReference,
  mirrorFilter,
  parentReference,
  sessionPersistence,
} from '../parts/gateway-api.ts';
import { apiGroup, dnsLabel, dnsSubdomain, headerName, kindName, wildcardHostname } from '../parts/name-checks.ts';

const corsFilter = object({
  allowCredentials: bool(),
  allowHeaders: list(string({ minLength: 1, maxLength: 256, check: headerName }), { maxItems: 64 }),
  allowMethods: list(choice(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', '*']), { maxItems: 9 }),
  allowOrigins: list(string({ minLength: 1, maxLength: 253 }), { maxItems: 64 }),
  exposeHeaders: list(string({ minLength: 1, maxLength: 256, check: headerName }), { maxItems: 64 }),
  maxAge: int32({ min: 1 }),
});
export type CorsFilter = Infer<typeof corsFilter>;

const forwardBody = object({
  maxSize: int32(),
});
export type ForwardBody = Infer<typeof forwardBody>;

const grpcAuth = object({
  allowedHeaders: list(string(), { maxItems: 64 }),
});
export type GrpcAuth = Infer<typeof grpcAuth>;

const httpAuth = object({
  allowedHeaders: list(string(), { maxItems: 64 }),
  allowedResponseHeaders: list(string(), { maxItems: 64 }),
  path: string({ maxLength: 1024 }),
});
export type HttpAuth = Infer<typeof httpAuth>;

const externalAuth = object({
  backendRef: required(backendObjectReference),
  forwardBody,
  grpc: grpcAuth,
  http: httpAuth,
  protocol: choice(['HTTP', 'GRPC'], { required: true }),
});
export type ExternalAuth = Infer<typeof externalAuth>;

const pathModifier = object({
  replaceFullPath: string({ maxLength: 1024 }),
  replacePrefixMatch: string({ maxLength: 1024 }),
  type: choice(['ReplaceFullPath', 'ReplacePrefixMatch'], { required: true }),
});
export type PathModifier = Infer<typeof pathModifier>;

const requestRedirect = object({
  hostname: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
  path: pathModifier,
  port: int32({ min: 1, max: 65535 }),
  scheme: choice(['http', 'https']),
  statusCode: int32(),
});
export type RequestRedirect = Infer<typeof requestRedirect>;

const urlRewrite = object({
  hostname: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
  path: pathModifier,
});
export type UrlRewrite = Infer<typeof urlRewrite>;

const httpRouteFilter = object({
  cors: corsFilter,
  extensionRef: localObjectReference,
  externalAuth,
  requestHeaderModifier: headerModifier,
  requestMirror: mirrorFilter,
  requestRedirect,
  responseHeaderModifier: headerModifier,
  type: choice(
    [
      'RequestHeaderModifier',
      'ResponseHeaderModifier',
      'RequestMirror',
      'RequestRedirect',
      'URLRewrite',
      'ExtensionRef',
      'CORS',
      'ExternalAuth',
    ],
    { required: true },
  ),
  urlRewrite,
});
export type HttpRouteFilter = Infer<typeof httpRouteFilter>;

const httpBackendRef = object({
  filters: list(httpRouteFilter, { maxItems: 16 }),
  group: string({ maxLength: 253, check: apiGroup }),
  kind: string({ minLength: 1, maxLength: 63, check: kindName }),
  name: string({ minLength: 1, maxLength: 253, required: true }),
  namespace: string({ minLength: 1, maxLength: 63, check: dnsLabel }),
  port: int32({ min: 1, max: 65535 }),
  weight: int32({ min: 0, max: 1000000 }),
});
export type HttpBackendRef = Infer<typeof httpBackendRef>;

const httpHeaderMatch = object({
  name: string({ minLength: 1, maxLength: 256, check: headerName, required: true }),
  type: choice(['Exact', 'RegularExpression']),
  value: string({ minLength: 1, maxLength: 4096, required: true }),
});
export type HttpHeaderMatch = Infer<typeof httpHeaderMatch>;

const httpPathMatch = object({
  type: choice(['Exact', 'PathPrefix', 'RegularExpression']),
  value: string({ maxLength: 1024 }),
});
export type HttpPathMatch = Infer<typeof httpPathMatch>;

const httpQueryParamMatch = object({
  name: string({ minLength: 1, maxLength: 256, check: headerName, required: true }),
  type: choice(['Exact', 'RegularExpression']),
  value: string({ minLength: 1, maxLength: 1024, required: true }),
});
export type HttpQueryParamMatch = Infer<typeof httpQueryParamMatch>;

const httpRouteMatch = object({
  headers: list(httpHeaderMatch, { maxItems: 16 }),
  method: choice(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']),
  path: httpPathMatch,
  queryParams: list(httpQueryParamMatch, { maxItems: 16 }),
});
export type HttpRouteMatch = Infer<typeof httpRouteMatch>;

const httpRouteRetry = object({
  attempts: int32({ min: 1 }),
  backoff: duration(),
  codes: list(int32({ min: 400, max: 599 })),
});
export type HttpRouteRetry = Infer<typeof httpRouteRetry>;

const httpRouteTimeouts = object({
  backendRequest: duration(),
  request: duration(),
});
export type HttpRouteTimeouts = Infer<typeof httpRouteTimeouts>;

const httpRouteRule = object({
  backendRefs: list(httpBackendRef, { maxItems: 16 }),
  filters: list(httpRouteFilter, { maxItems: 16 }),
  matches: list(httpRouteMatch, { maxItems: 64 }),
  name: string({ minLength: 1, maxLength: 253, check: dnsSubdomain }),
  retry: httpRouteRetry,
  sessionPersistence,
  timeouts: httpRouteTimeouts,
});
export type HttpRouteRule = Infer<typeof httpRouteRule>;

export const httpRoute = object({
  hostnames: list(string({ minLength: 1, maxLength: 253, check: wildcardHostname }), { maxItems: 16 }),
  parentRefs: list(parentReference, { maxItems: 32 }),
  rules: list(httpRouteRule, { minItems: 1, maxItems: 16 }),
  useDefaultGateways: choice(['All', 'None']),
});
export type HttpRoute = Infer<typeof httpRoute>;
