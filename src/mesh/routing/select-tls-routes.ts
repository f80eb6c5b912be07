import { destinationsOf, type SelectedRoutes, type TlsL4Route } from './l4-route.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { l4MatchApplies, type RuleClient } from './source-match.ts';

/**
 * The TLS rules that a sidecar applies to one service port, one route per match (Istio
 * `buildSidecarOutboundTLSFilterChainOpts`). A match that Envoy could not tell from an earlier one is left out: only
 * server names and subnets remain after labels, gateways and port are decided. One route is enough to do without the
 * service's own cluster.
 */
export function selectTlsRoutes(virtualServices: readonly ResolvedVirtualService[], client: RuleClient): SelectedRoutes<TlsL4Route> {
  const routes: TlsL4Route[] = [];
  const seen = new Set<string>();
  // Istio's own: what a match says of subnets holds for those after it that say nothing, across rules and VirtualServices.
  let destinationSubnets: readonly string[] = [];
  for (const virtualService of virtualServices) {
    for (const rule of virtualService.tls) {
      if (rule.route === undefined || rule.route.length === 0) continue;
      const destinations = destinationsOf(rule.route);
      const { name, namespace } = virtualService;
      for (const match of rule.match) {
        if (!l4MatchApplies(match, client)) continue;
        const subnets = match.destinationSubnets ?? [];
        if (subnets.length > 0 && client.port > 0) destinationSubnets = subnets;
        const key = `${match.sniHosts.join(',')}|${destinationSubnets.join(',')}`;
        if (seen.has(key)) continue;
        seen.add(key);
        routes.push({
          virtualService: { name, namespace },
          origin: rule.origin,
          destinations,
          sniHosts: match.sniHosts,
          destinationSubnets,
        });
      }
    }
  }
  return { routes, needsDefault: routes.length === 0 };
}
