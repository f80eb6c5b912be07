import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { virtualHostName } from '../names.ts';

/**
 * Name of a span for requests of a route: `host:port/path*` where one cluster takes them all, else the VirtualService's
 * name in place of the host (Istio `GetRouteOperation`).
 */
export function routeOperation(route: Route, virtualServiceName: string, listenerPort: number): string {
  const path = operationPath(route);
  const parts = route.route?.cluster?.split('|') ?? [];
  if (parts.length === 4) return `${parts[3]}:${parts[1]}${path}`;
  return `${virtualServiceName}:${listenerPort}${path}`;
}

/** `reviews.default.svc.cluster.local:9080/*`, for routes that no rule of a user shapes. */
export function traceOperation(hostname: string, port: number): string {
  return `${virtualHostName(hostname, port)}/*`;
}

function operationPath(route: Route): string {
  const match = route.match ?? {};
  if (match.prefix !== undefined) return `${match.prefix}*`;
  return match.path ?? match.safe_regex?.regex ?? '/*';
}
