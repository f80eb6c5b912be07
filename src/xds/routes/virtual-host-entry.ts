import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { byVirtualServicePrecedence } from '../../mesh/routing/pick-virtual-service.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { compareText } from '../../model/config-object.ts';

/** A virtual host with what is needed to settle it with the others of its table. */
export interface VirtualHostEntry {
  readonly virtualHost: VirtualHost;
  readonly host: string;
  readonly port: number;
  /** The host is a service of the registry, not only one that a VirtualService names. */
  readonly isService: boolean;
  /** Domains that yield to a service which really has the name. */
  readonly alternates: readonly string[];
  /** The VirtualService that its routes come from. */
  readonly virtualService?: ResolvedVirtualService;
}

/**
 * The order in which entries may claim domains: those with a VirtualService in its precedence, then plain services; inside
 * one VirtualService hosts outside the registry come first, as in Istio. Ties, where Istio follows a map, go by name.
 */
export function byClaim(clientNamespace: string) {
  const precedence = byVirtualServicePrecedence(clientNamespace);
  return (a: VirtualHostEntry, b: VirtualHostEntry): number => {
    if (a.virtualService !== undefined && b.virtualService !== undefined) {
      const order = precedence(a.virtualService, b.virtualService) || Number(a.isService) - Number(b.isService);
      if (order !== 0) return order;
    } else if (a.virtualService !== b.virtualService) {
      return a.virtualService === undefined ? 1 : -1;
    }
    return compareText(a.host, b.host) || a.port - b.port;
  };
}
