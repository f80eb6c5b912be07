import type { RouteAction } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { _envoy_config_route_v3_WeightedCluster_ClusterWeight as ClusterWeight } from '../../envoy/generated/envoy/config/route/v3/WeightedCluster.ts';
import type { HttpRule } from '../../mesh/routing/resolved-virtual-service.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';
import type { HttpRouteDestination } from '../../schema/virtual-service/http-route.ts';
import { destinationCluster } from './destination-cluster.ts';
import { buildHashPolicy, consistentHashOf } from './hash-policy.ts';
import { type HeaderFields, translateHeaders } from './header-operations.ts';
import { buildMirrorPolicies } from './mirror-policies.ts';
import { proxyHeadersOf } from './proxy-headers.ts';
import { buildRetryPolicy } from './retry-policy.ts';
import { buildPathRewrite } from './rewrite-fields.ts';
import { findDestinationService, type HttpRouteInput } from './route-input.ts';
import { buildTimeouts } from './route-timeouts.ts';

export interface BuiltRouteAction {
  readonly action: RouteAction;
  /** Changes that a single destination asks for: Envoy takes them from the route, after the route's own. */
  readonly headers: HeaderFields;
}

/** Forwarding of a rule (Istio `applyHTTPRouteDestination`). Undefined where the rule has no destination to forward to. */
export function buildRouteAction(
  rule: HttpRule,
  match: RouteMatch,
  authority: string | undefined,
  input: HttpRouteInput,
): BuiltRouteAction | undefined {
  const { semantics } = input.virtualService;
  const clusterOf = (destination: Destination) =>
    destinationCluster(destination, findDestinationService(destination.host, input), input.listenerPort);
  const target = buildTarget(rule.route ?? [], clusterOf, input);
  if (target === undefined) return undefined;
  const mirrors = buildMirrorPolicies(rule, clusterOf);
  const retryPolicy = buildRetryPolicy(rule.retries ?? input.settings.config.defaultHttpRetryPolicy, target.isSticky);
  const host = rule.rewrite?.authority || authority || target.authority;
  const action: RouteAction = {
    ...target.clusters,
    ...buildTimeouts(rule.timeout, input.scope.role),
    ...(semantics === 'gateway' && { cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR' }),
    ...(rule.rewrite !== undefined && buildPathRewrite(rule.rewrite, match, semantics)),
    ...(rule.rewrite !== undefined && proxyHeadersOf(input.settings).appendXForwardedHost && { append_x_forwarded_host: true }),
    ...(host && { host_rewrite_literal: host }),
    ...(mirrors.length > 0 && { request_mirror_policies: mirrors }),
    ...(target.hashPolicies.length > 0 && { hash_policy: target.hashPolicies }),
    ...(retryPolicy && { retry_policy: retryPolicy }),
  };
  return { action, headers: target.headers };
}

interface Target {
  readonly clusters: Pick<RouteAction, 'cluster' | 'weighted_clusters'>;
  readonly hashPolicies: NonNullable<RouteAction['hash_policy']>;
  readonly headers: HeaderFields;
  readonly authority?: string;
  /** One destination, chosen by consistent hash: retries must not leave the host. */
  readonly isSticky: boolean;
}

function buildTarget(
  route: readonly HttpRouteDestination[],
  clusterOf: (to: Destination) => string,
  input: HttpRouteInput,
): Target | undefined {
  const hashOf = ({ destination }: HttpRouteDestination) => consistentHashOf(input.findRule(destination.host), destination);
  const hashPoliciesOf = (to: readonly HttpRouteDestination[]) => to.flatMap((each) => buildHashPolicy(hashOf(each)) ?? []);
  const [first] = route;
  if (first !== undefined && route.length === 1) {
    const { fields, authority } = translateHeaders(first.headers);
    return {
      clusters: { cluster: clusterOf(first.destination) },
      hashPolicies: hashPoliciesOf(route),
      headers: fields,
      ...(authority !== undefined && { authority }),
      isSticky: hashOf(first) !== undefined,
    };
  }
  const weighted = route.filter(({ weight }) => (weight ?? 0) > 0);
  if (weighted.length === 0) return undefined;
  return {
    clusters: { weighted_clusters: { clusters: weighted.map((to) => buildClusterWeight(to, clusterOf(to.destination))) } },
    hashPolicies: hashPoliciesOf(weighted),
    headers: {},
    isSticky: false,
  };
}

function buildClusterWeight(to: HttpRouteDestination, name: string): ClusterWeight {
  const { fields, authority } = translateHeaders(to.headers);
  return { name, weight: { value: to.weight ?? 0 }, ...fields, ...(authority !== undefined && { host_rewrite_literal: authority }) };
}
