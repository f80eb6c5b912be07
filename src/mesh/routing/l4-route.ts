import { hostsMatch } from '../../model/hostname.ts';
import type { RouteDestination } from '../../schema/virtual-service/virtual-service.ts';
import type { ResolvedVirtualService, RuleOrigin } from './resolved-virtual-service.ts';

/** A destination of a TCP or TLS rule, as plain facts. */
export interface WeightedDestination {
  readonly host: string;
  /** Undefined: the only port of the service, else the listener's. */
  readonly port?: number;
  readonly subset: string;
  readonly weight: number;
}

/** One filter chain to be: connections to these subnets (empty: to the service's own addresses) go to the destinations. */
export interface L4Route {
  /** Name and namespace make the stat prefix of several destinations. */
  readonly virtualService: { readonly name: string; readonly namespace: string };
  readonly origin: RuleOrigin;
  readonly destinations: readonly WeightedDestination[];
  /** What the user asked for; empty where the rule leaves it to the service. */
  readonly destinationSubnets: readonly string[];
}

/** Same with the server names that the client must ask for; empty: any. */
export interface TlsL4Route extends L4Route {
  readonly sniHosts: readonly string[];
}

export interface SelectedRoutes<R> {
  readonly routes: readonly R[];
  /** Nothing here catches all connections, so the service's own cluster must follow. */
  readonly needsDefault: boolean;
}

export function destinationsOf(route: readonly RouteDestination[]): readonly WeightedDestination[] {
  return route.map(({ destination, weight }) => ({
    host: destination.host,
    ...(destination.port?.number !== undefined && { port: destination.port.number }),
    subset: destination.subset ?? '',
    weight: weight ?? 0,
  }));
}

/** VirtualServices that have a host in common with `host`, wildcards in both directions (Istio `getConfigsForHost`). */
export function virtualServicesForHost(
  host: string,
  virtualServices: readonly ResolvedVirtualService[],
): readonly ResolvedVirtualService[] {
  return virtualServices.filter((virtualService) => virtualService.hosts.some((pattern) => hostsMatch(pattern, host)));
}
