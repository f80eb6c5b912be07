import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { FaultAbort } from '../../envoy/generated/envoy/extensions/filters/http/fault/v3/FaultAbort.ts';
import type { HTTPFault } from '../../envoy/generated/envoy/extensions/filters/http/fault/v3/HTTPFault.ts';
import { faultFilterName } from '../routes/fault-filter.ts';

type PerFilterConfig = NonNullable<Route['typed_per_filter_config']>;

const unavailable = 14;
const always = { numerator: 100, denominator: 'HUNDRED' } as const;

/**
 * The fault that clients inject on a route (gRFC A33): the route's own, or for one that answers by itself an abort of
 * every call. Other filters' settings stay away, as clients refuse what they do not know.
 */
export function grpcFault(route: Route): PerFilterConfig | undefined {
  const { delay, abort } = (route.typed_per_filter_config?.[faultFilterName] ?? {}) as HTTPFault;
  // An abort without a percentage never happens, and clients refuse it.
  const chosen = route.route ? (abort?.percentage ? abort : undefined) : answerOf(route);
  if (!delay && !chosen) return undefined;
  return {
    [faultFilterName]: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
      ...(delay && { delay }),
      ...(chosen && { abort: chosen }),
    },
  };
}

/** Clients map an HTTP error to its gRPC status; they cannot follow a redirect, nor is a page an answer to a call. */
function answerOf({ direct_response: response }: Route): FaultAbort {
  const status = response?.status ?? 0;
  return { ...(status >= 400 ? { http_status: status } : { grpc_status: unavailable }), percentage: always };
}
