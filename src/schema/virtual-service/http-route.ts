/** An HTTP rule of a VirtualService. */

import { list, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { duration, int32, string, uint32 } from '../field/scalars.ts';
import { httpRetry } from '../parts/http-retry.ts';
import { destination } from '../parts/route-destination.ts';
import { corsPolicy, delegate, headers, httpDirectResponse, httpMirror, httpRedirect, httpRewrite } from './http-actions.ts';
import { httpFault, percent } from './http-fault.ts';
import { httpMatch } from './http-match.ts';

const httpRouteDestination = object({
  destination: required(destination),
  weight: int32(),
  headers,
});
export type HttpRouteDestination = Infer<typeof httpRouteDestination>;

export const httpRoute = object({
  name: string(),
  match: list(httpMatch),
  route: list(httpRouteDestination),
  redirect: httpRedirect,
  directResponse: httpDirectResponse,
  delegate,
  rewrite: httpRewrite,
  timeout: duration({ minMs: 1 }),
  retries: httpRetry,
  fault: httpFault,
  mirror: destination,
  mirrors: list(httpMirror),
  mirrorPercent: uint32(),
  mirrorPercentage: percent,
  corsPolicy,
  headers,
});
export type HttpRoute = Infer<typeof httpRoute>;
