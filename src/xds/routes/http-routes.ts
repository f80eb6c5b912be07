import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RuleOrigin } from '../../mesh/routing/resolved-virtual-service.ts';
import { httpMatchApplies, type RuleClient } from '../../mesh/routing/source-match.ts';
import { buildHttpRoute } from './http-route.ts';
import type { HttpRouteInput } from './route-input.ts';
import { isCatchAllMatch } from './route-match.ts';

/** A route and the rule it was made from: provenance is kept beside the bytes, not in them. */
export interface TracedRoute {
  readonly route: Route;
  readonly origin: RuleOrigin;
}

/**
 * The routes of one VirtualService for one kind of proxy on one port, in the user's order. Empty: the VirtualService does
 * not apply here, and the next one, or the service's default, decides (Istio `BuildHTTPRoutesForVirtualService`).
 */
export function buildHttpRoutes(input: HttpRouteInput): Route[] {
  return buildTracedHttpRoutes(input).map(({ route }) => route);
}

/** The same with the origin of each route. Nothing is emitted behind a route that takes every request. */
export function buildTracedHttpRoutes(input: HttpRouteInput): TracedRoute[] {
  const client: RuleClient = {
    namespace: input.scope.namespace,
    labels: input.scope.labels,
    gateways: input.gateways,
    port: input.listenerPort,
  };
  const traced: TracedRoute[] = [];
  for (const rule of input.virtualService.http) {
    const matches = rule.match ?? [];
    if (matches.length === 0) {
      traced.push({ route: buildHttpRoute(rule, undefined, input), origin: rule.origin });
      return traced;
    }
    for (const match of matches) {
      if (!httpMatchApplies(match, client)) continue;
      const route = buildHttpRoute(rule, match, input);
      traced.push({ route, origin: rule.origin });
      if (isCatchAllMatch(route.match ?? {})) return traced;
    }
  }
  return traced;
}
