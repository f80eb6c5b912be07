import type { HeaderMatcher } from '../../envoy/generated/envoy/config/route/v3/HeaderMatcher.ts';
import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteAction } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import { grpcFault } from './grpc-fault.ts';
import { grpcRetryPolicy } from './grpc-retry-policy.ts';

/**
 * What of a route proxyless gRPC understands (gRFC A28, A31, A33, A42, A44). Undefined for one whose match it cannot
 * evaluate: leaving the condition out would take requests that are not meant. A route that forwards nothing becomes an
 * abort at `cluster`, because clients refuse, or fall over, any other action.
 */
export function buildGrpcRoute(route: Route, cluster: string): Route | undefined {
  const match = grpcMatch(route.match ?? {});
  if (match === undefined) return undefined;
  const fault = grpcFault(route);
  return {
    ...(route.name !== undefined && { name: route.name }),
    match,
    route: route.route ? grpcAction(route.route) : { cluster },
    ...(route.metadata && { metadata: route.metadata }),
    ...(fault && { typed_per_filter_config: fault }),
  };
}

function grpcMatch(match: RouteMatch): RouteMatch | undefined {
  const { path_separated_prefix: segments, query_parameters: parameters, dynamic_metadata: metadata, headers, ...rest } = match;
  if (parameters?.length || metadata?.length) return undefined;
  const conditions = (headers ?? []).filter((header) => !isAlwaysTrue(header));
  return {
    ...rest,
    ...(segments !== undefined && { safe_regex: { regex: `${escapeRegex(segments)}(/.*)?` } }),
    ...(conditions.length > 0 && { headers: conditions }),
  };
}

/** gRPC calls are all POST, and clients do not show that header to matchers. */
function isAlwaysTrue({ name, string_match: match, invert_match: inverted }: HeaderMatcher): boolean {
  return name === ':method' && match?.exact === 'POST' && inverted !== true;
}

function grpcAction(action: RouteAction): RouteAction {
  const retryPolicy = grpcRetryPolicy(action.retry_policy ?? undefined);
  const hashPolicies = (action.hash_policy ?? []).filter((policy) => policy.header);
  return {
    ...(action.weighted_clusters
      ? {
          weighted_clusters: {
            clusters: (action.weighted_clusters.clusters ?? []).map(({ name = '', weight = null }) => ({ name, weight })),
          },
        }
      : { cluster: action.cluster ?? '' }),
    ...(action.max_stream_duration && { max_stream_duration: action.max_stream_duration }),
    ...(retryPolicy && { retry_policy: retryPolicy }),
    ...(hashPolicies.length > 0 && { hash_policy: hashPolicies }),
  };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
