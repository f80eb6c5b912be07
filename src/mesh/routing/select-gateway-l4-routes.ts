import { hostsMatch } from '../../model/hostname.ts';
import type { L4Match, TlsMatch } from '../../schema/virtual-service/virtual-service.ts';
import { destinationsOf, type L4Route, type TlsL4Route } from './l4-route.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { serverHostsFor } from './server-hosts.ts';

/** A server of a gateway, as far as TCP and TLS routing asks. */
export interface L4Server {
  /** `namespace/name` of the Gateway. */
  readonly gateway: string;
  readonly port: number;
  /** `host` or `namespace/host`. */
  readonly hosts: readonly string[];
  /** It hands TLS through without terminating it. */
  readonly isPassthrough: boolean;
}

/**
 * The one TCP rule that an opaque or TLS-terminating server follows: the first that applies, of the first VirtualService
 * that has one; TLSRoutes on a terminating server say it in `tls` (Istio `buildGatewayNetworkFiltersFromTCPRoutes`).
 * `virtualServices` come from `virtualServicesOfGateway`.
 */
export function selectGatewayTcpRoute(virtualServices: readonly ResolvedVirtualService[], server: L4Server): L4Route | undefined {
  for (const virtualService of virtualServices) {
    if (!sharesHost(server, virtualService)) continue;
    const { name, namespace } = virtualService;
    const chosen = virtualService.tcp.find((rule) => (rule.route ?? []).length > 0 && anyApplies(rule.match ?? [], server));
    const fromTlsRoute = !server.isPassthrough && virtualService.parents.some((parent) => parent.startsWith('TLSRoute/'));
    const rule =
      chosen ??
      (fromTlsRoute
        ? virtualService.tls.find((tls) => (tls.route ?? []).length > 0 && tls.match.some((match) => applies(match, server)))
        : undefined);
    if (rule?.route === undefined) continue;
    return { virtualService: { name, namespace }, origin: rule.origin, destinations: destinationsOf(rule.route), destinationSubnets: [] };
  }
  return undefined;
}

/**
 * The TLS rules of a passthrough server, one per match; server names that an earlier rule of the same port took are
 * refused with the whole match (Istio `buildGatewayNetworkFiltersFromTLSRoutes`). `taken` are names already used.
 */
export function selectGatewayTlsRoutes(
  virtualServices: readonly ResolvedVirtualService[],
  server: L4Server,
  taken: ReadonlySet<string> = new Set(),
): readonly TlsL4Route[] {
  const used = new Set(taken);
  const routes: TlsL4Route[] = [];
  for (const virtualService of virtualServices) {
    if (!sharesHost(server, virtualService)) continue;
    const { name, namespace } = virtualService;
    for (const rule of virtualService.tls) {
      if (rule.route === undefined || rule.route.length === 0) continue;
      for (const match of rule.match) {
        if (!applies(match, server) || match.sniHosts.some((sni) => used.has(sni))) continue;
        for (const sni of match.sniHosts) used.add(sni);
        const destinations = destinationsOf(rule.route);
        routes.push({
          virtualService: { name, namespace },
          origin: rule.origin,
          destinations,
          sniHosts: match.sniHosts,
          destinationSubnets: [],
        });
      }
    }
  }
  return routes;
}

function sharesHost(server: L4Server, virtualService: ResolvedVirtualService): boolean {
  const hosts = serverHostsFor(server.hosts, virtualService.namespace);
  return hosts.some((host) => virtualService.hosts.some((own) => hostsMatch(host, own)));
}

function anyApplies(matches: readonly L4Match[], server: L4Server): boolean {
  return matches.length === 0 || matches.some((match) => applies(match, server));
}

/** Gateways look at port and gateway alone; who connects is not known here. */
function applies(match: L4Match | TlsMatch, server: L4Server): boolean {
  const gateways = match.gateways ?? [];
  return (
    (match.port === undefined || match.port === 0 || match.port === server.port) &&
    (gateways.length === 0 || gateways.includes(server.gateway))
  );
}
