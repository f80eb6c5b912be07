import { compareText } from '../../model/config-object.ts';
import { bySpecificity, isWildcard } from '../../model/hostname.ts';
import { isPublic, isVisibleTo } from '../visibility.ts';
import { bindsTo, meshGateway, type ResolvedVirtualService } from './resolved-virtual-service.ts';

/** The proxy that asks, and the service it asks about. */
export interface VirtualServiceClient {
  readonly namespace: string;
  /** Namespace of the service behind the host, where there is one: routes of the Gateway API need it. */
  readonly serviceNamespace?: string;
}

/** Oldest first, then name, then namespace (Istio `configCompareByCreationTime`). */
export function byVirtualServiceAge(a: ResolvedVirtualService, b: ResolvedVirtualService): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/**
 * Which VirtualService decides for a host on sidecars; there is no merging. Exact hosts beat wildcards, the more specific
 * wildcard beats the others; among equals what is private to the client's namespace comes first, then what is exported to
 * it by name, then what is public, each oldest first (Istio `SelectVirtualServices`, `computeWildcardHostVirtualServiceIndex`).
 */
export function pickVirtualService(
  host: string,
  exact: readonly ResolvedVirtualService[],
  wildcards: readonly ResolvedVirtualService[],
  client: VirtualServiceClient,
): ResolvedVirtualService | undefined {
  return rankVirtualServices(host, exact, wildcards, client)[0];
}

/**
 * All that may decide, best first: where the first has no route that applies on the port, Istio takes the next one. Of
 * wildcards there is at most one. `exact` are candidates that name the host, `wildcards` those that match it; what is not
 * bound to `mesh` or not visible is left out here.
 */
export function rankVirtualServices(
  host: string,
  exact: readonly ResolvedVirtualService[],
  wildcards: readonly ResolvedVirtualService[],
  client: VirtualServiceClient,
): readonly ResolvedVirtualService[] {
  const order = byVirtualServicePrecedence(client.namespace);
  const usable = (virtualService: ResolvedVirtualService) => isUsable(virtualService, meshGateway, client);
  const named = exact.filter((virtualService) => virtualService.hosts.includes(host) && usable(virtualService));
  if (named.length > 0) return named.sort(order).slice(0, isWildcard(host) ? 1 : undefined);
  const matching = wildcards.flatMap((virtualService) => {
    const [pattern] = virtualService.hosts.filter((pattern) => coversHost(pattern, host)).sort(bySpecificity);
    return pattern !== undefined && virtualService.semantics !== 'gateway' && usable(virtualService) ? [{ pattern, virtualService }] : [];
  });
  const [best] = matching.sort((a, b) => bySpecificity(a.pattern, b.pattern) || order(a.virtualService, b.virtualService));
  return best === undefined ? [] : [best.virtualService];
}

/** Order in which Istio looks at VirtualServices for a client namespace. */
export function byVirtualServicePrecedence(clientNamespace: string) {
  const reach = (virtualService: ResolvedVirtualService) => {
    if (!isPublic(virtualService.exportTo)) return virtualService.namespace === clientNamespace ? 0 : 1;
    return virtualService.semantics === 'gateway' && virtualService.namespace === clientNamespace ? 2 : 3;
  };
  return (a: ResolvedVirtualService, b: ResolvedVirtualService): number => reach(a) - reach(b) || byVirtualServiceAge(a, b);
}

/** The VirtualServices that a client namespace sees and that bind to `gateway`, in Istio's order (`VirtualServicesForGateway`). */
export function virtualServicesOfGateway(
  gateway: string,
  virtualServices: readonly ResolvedVirtualService[],
  clientNamespace: string,
): readonly ResolvedVirtualService[] {
  return virtualServices
    .filter((virtualService) => isUsable(virtualService, gateway, { namespace: clientNamespace }))
    .sort(byVirtualServicePrecedence(clientNamespace));
}

function isUsable(virtualService: ResolvedVirtualService, gateway: string, client: VirtualServiceClient): boolean {
  const { semantics, namespace, exportTo } = virtualService;
  if (!bindsTo(virtualService, gateway) || !isVisibleTo(exportTo, namespace, client.namespace)) return false;
  // A route of the Gateway API serves the producer (the service's namespace) and the consumer (its own), nobody else.
  return (
    semantics !== 'gateway' ||
    client.serviceNamespace === undefined ||
    namespace === client.serviceNamespace ||
    namespace === client.namespace
  );
}

function coversHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*') && (host.startsWith('*') ? host.slice(1) : host).endsWith(pattern.slice(1));
}
