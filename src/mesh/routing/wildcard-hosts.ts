import { isWildcard } from '../../model/hostname.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';

/** VirtualServices by what follows the star of their wildcards, from a dot on: `.com` of `*.com`. Other wildcards are under ''. */
export type WildcardsByTail = ReadonlyMap<string, readonly ResolvedVirtualService[]>;

export function wildcardsByTail(virtualServices: Iterable<ResolvedVirtualService>): WildcardsByTail {
  const byTail = new Map<string, ResolvedVirtualService[]>();
  for (const virtualService of virtualServices) {
    const tails = virtualService.hosts.filter(isWildcard).map((host) => (host.startsWith('*.') ? host.slice(1) : ''));
    for (const tail of new Set(tails)) {
      const group = byTail.get(tail);
      if (group === undefined) byTail.set(tail, [virtualService]);
      else group.push(virtualService);
    }
  }
  return byTail;
}

/** Each VirtualService that may have a wildcard which covers the host, once: thousands need not be looked through for every host. */
export function wildcardsFor(host: string, byTail: WildcardsByTail): readonly ResolvedVirtualService[] {
  const found = new Set(byTail.get(''));
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    for (const virtualService of byTail.get(host.slice(dot)) ?? []) found.add(virtualService);
  }
  return [...found];
}
