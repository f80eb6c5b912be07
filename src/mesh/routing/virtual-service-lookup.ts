import { virtualServicesForHost } from './l4-route.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { wildcardsByTail, wildcardsFor } from './wildcard-hosts.ts';

/** Some VirtualServices by what their hosts say, so that thousands need not be looked through for every service. */
export interface VirtualServiceLookup {
  /** Those that name the host itself. */
  readonly naming: (host: string) => readonly ResolvedVirtualService[];
  /** Those that may have a wildcard which covers the host. */
  readonly covering: (host: string) => readonly ResolvedVirtualService[];
  /** Those with a host in common with this one, which is no wildcard, in the order of the list. */
  readonly about: (host: string) => readonly ResolvedVirtualService[];
}

export function virtualServiceLookup(virtualServices: readonly ResolvedVirtualService[]): VirtualServiceLookup {
  const byTail = wildcardsByTail(virtualServices);
  const byHost = new Map<string, ResolvedVirtualService[]>();
  const positions = new Map<ResolvedVirtualService, number>();
  for (const [position, virtualService] of virtualServices.entries()) {
    positions.set(virtualService, position);
    for (const host of new Set(virtualService.hosts)) {
      const known = byHost.get(host);
      if (known === undefined) byHost.set(host, [virtualService]);
      else known.push(virtualService);
    }
  }
  const naming = (host: string) => byHost.get(host) ?? [];
  const covering = (host: string) => wildcardsFor(host, byTail);
  const inOrder = (a: ResolvedVirtualService, b: ResolvedVirtualService) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0);
  return {
    naming,
    covering,
    about: (host) => virtualServicesForHost(host, [...new Set([...naming(host), ...covering(host)])].sort(inOrder)),
  };
}
