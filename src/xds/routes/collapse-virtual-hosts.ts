import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { bySpecificity } from '../../model/hostname.ts';

/**
 * Joins virtual hosts that hold the very same routes: a VirtualService of many hosts would otherwise repeat its routes
 * once per host. The most specific host gives the name (Istio `collapseDuplicateRoutes`). Routes are compared by identity.
 */
export function collapseVirtualHosts(virtualHosts: readonly VirtualHost[]): readonly VirtualHost[] {
  const numbers = new Map<Route, number>();
  const numberOf = (route: Route): number => {
    const number = numbers.get(route) ?? numbers.size;
    numbers.set(route, number);
    return number;
  };
  const groups = new Map<string, VirtualHost[]>();
  const ordered = [...virtualHosts].sort((a, b) => bySpecificity(a.domains?.[0] ?? '', b.domains?.[0] ?? ''));
  for (const virtualHost of ordered) {
    const routes = (virtualHost.routes ?? []).map(numberOf).join(',');
    const sessions = virtualHost.typed_per_filter_config ? JSON.stringify(virtualHost.typed_per_filter_config) : '';
    const key = `${sessions}|${virtualHost.require_tls ?? 'NONE'}|${virtualHost.include_request_attempt_count === true}|${routes}`;
    groups.set(key, [...(groups.get(key) ?? []), virtualHost]);
  }
  return [...groups.values()].flatMap((group) => {
    const [primary] = group;
    return primary === undefined ? [] : [{ ...primary, domains: group.flatMap(({ domains }) => domains ?? []) }];
  });
}
