/** What an HTTP rule does besides forwarding: redirect, answer, rewrite, change headers, mirror, CORS. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, bytes, choice, duration, string, uint32 } from '../field/scalars.ts';
import { destination } from '../parts/route-destination.ts';
import { stringMatch } from '../parts/string-match.ts';
import { percent } from './http-fault.ts';

export const httpRedirect = object(
  {
    uri: string(),
    authority: string(),
    port: uint32(),
    derivePort: choice(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']),
    scheme: string(),
    redirectCode: uint32(),
    prefixRewrite: string(),
  },
  { atMostOneOf: [['port', 'derivePort']] },
);
export type HttpRedirect = Infer<typeof httpRedirect>;

export const httpBody = object(
  {
    string: string(),
    bytes: bytes(),
  },
  { atMostOneOf: [['string', 'bytes']] },
);
export type HttpBody = Infer<typeof httpBody>;

export const httpDirectResponse = object({
  status: uint32({ required: true }),
  body: httpBody,
});
export type HttpDirectResponse = Infer<typeof httpDirectResponse>;

export const regexRewrite = object({
  match: string(),
  rewrite: string(),
});
export type RegexRewrite = Infer<typeof regexRewrite>;

export const httpRewrite = object({
  uri: string(),
  authority: string(),
  uriRegexRewrite: regexRewrite,
});
export type HttpRewrite = Infer<typeof httpRewrite>;

const headerOperations = object({
  set: map(string()),
  add: map(string()),
  remove: list(string()),
});
export type HeaderOperations = Infer<typeof headerOperations>;

export const headers = object({
  request: headerOperations,
  response: headerOperations,
});
export type Headers = Infer<typeof headers>;

export const corsPolicy = object({
  allowOrigin: list(string()),
  allowOrigins: list(stringMatch),
  allowMethods: list(string()),
  allowHeaders: list(string()),
  exposeHeaders: list(string()),
  maxAge: duration({ minMs: 1 }),
  allowCredentials: bool(),
  unmatchedPreflights: choice(['UNSPECIFIED', 'FORWARD', 'IGNORE']),
});
export type CorsPolicy = Infer<typeof corsPolicy>;

export const httpMirror = object({
  destination: required(destination),
  percentage: percent,
});
export type HttpMirror = Infer<typeof httpMirror>;

export const delegate = object({
  name: string(),
  namespace: string(),
});
export type Delegate = Infer<typeof delegate>;
