import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { httpMatchApplies, type RuleClient } from '../../mesh/routing/source-match.ts';
import { buildHttpRoute } from './http-route.ts';
import type { HttpRouteInput } from './route-input.ts';
import { isCatchAllMatch } from './route-match.ts';

/**
 * The routes of one VirtualService for one kind of proxy on one port, in the user's order. Empty: the VirtualService does
 * not apply here, and the next one, or the service's default, decides (Istio `BuildHTTPRoutesForVirtualService`). Nothing is
 * emitted behind a route that takes every request.
 */
export function buildHttpRoutes(input: HttpRouteInput): Route[] {
  const client: RuleClient = {
    namespace: input.scope.namespace,
    labels: input.scope.labels,
    gateways: input.gateways,
    port: input.listenerPort,
  };
  const routes: Route[] = [];
  for (const rule of input.virtualService.http) {
    const matches = rule.match ?? [];
    if (matches.length === 0) return [...routes, buildHttpRoute(rule, undefined, input)];
    for (const [index, match] of matches.entries()) {
      if (!httpMatchApplies(match, client)) continue;
      const route = buildHttpRoute(rule, index, input);
      routes.push(route);
      if (isCatchAllMatch(route.match ?? {})) return routes;
    }
  }
  return routes;
}
