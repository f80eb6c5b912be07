import { compareText } from '../../model/config-object.ts';
import { destinationsOf, type L4Route, type SelectedRoutes } from './l4-route.ts';
import type { ResolvedVirtualService, TcpRule } from './resolved-virtual-service.ts';
import { l4MatchApplies, type RuleClient } from './source-match.ts';

/**
 * The TCP rules that a sidecar applies to one service port, in order, up to the first that takes every connection (Istio
 * `buildSidecarOutboundTCPFilterChainOpts`). `virtualServices` are those for the host, in order of precedence;
 * `serviceSubnets` the prefixes that the service itself is matched by, empty where the listener is bound to its address.
 */
export function selectTcpRoutes(
  virtualServices: readonly ResolvedVirtualService[],
  client: RuleClient,
  serviceSubnets: readonly string[] = [],
): SelectedRoutes<L4Route> {
  const routes: L4Route[] = [];
  let needsDefault = true;
  for (const virtualService of virtualServices) {
    for (const rule of virtualService.tcp) {
      const subnets = subnetsOf(rule, client);
      if (subnets === undefined || rule.route === undefined || rule.route.length === 0) continue;
      const { name, namespace } = virtualService;
      const destinations = destinationsOf(rule.route);
      routes.push({ virtualService: { name, namespace }, origin: rule.origin, destinations, destinationSubnets: subnets });
      if (subnets.length === 0) return { routes, needsDefault: false };
      // Envoy rejects two chains with one match, so the user's chain stands for the service's own.
      if (sameSet(subnets, serviceSubnets)) needsDefault = false;
    }
  }
  return { routes, needsDefault };
}

/** Undefined: no match applies. Empty: every destination. */
function subnetsOf(rule: TcpRule, client: RuleClient): readonly string[] | undefined {
  const matches = rule.match ?? [];
  if (matches.length === 0) return [];
  const applying = matches.filter((match) => l4MatchApplies(match, client));
  if (applying.length === 0) return undefined;
  if (client.port === 0 || applying.some((match) => (match.destinationSubnets ?? []).length === 0)) return [];
  return applying.flatMap((match) => match.destinationSubnets ?? []);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const sorted = [...b].sort(compareText);
  return a.length === b.length && [...a].sort(compareText).every((subnet, i) => subnet === sorted[i]);
}
