import type { Cell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { isVisibleTo } from '../../mesh/visibility.ts';
import { isSubsetOf, isWildcard } from '../../model/hostname.ts';

/** What a class of clients cannot share with the rest of the mesh. */
export interface RouteOverrides {
  /** Hosts of services whose virtual hosts are made for these clients alone. */
  readonly hosts: ReadonlySet<string>;
  /** The same for VirtualServices with hosts that are no services, by `namespace/name`. */
  readonly virtualServices: ReadonlyMap<string, ResolvedVirtualService>;
}

/**
 * Hosts of services and rules that the namespace sees differently, of VirtualServices that only it sees, that look at who
 * asks, or that lead to a host seen differently; services behind an alias that is among these. Where `shortNames` matter
 * also those under the clients' own DNS namespace.
 */
export function routeOverrides(
  mesh: Mesh,
  { shortNames }: { readonly shortNames: boolean },
): (scope: OutboundScope) => Cell<RouteOverrides> {
  const family = mesh.engine.family<RouteOverrides>((key, read) => {
    const { namespace, dnsDomain } = JSON.parse(key) as OutboundScope;
    const hosts = new Set<string>(read(mesh.differingServices(namespace)).keys());
    const special = new Map<string, ResolvedVirtualService>();
    const take = (root: ResolvedVirtualService) => {
      if (isVisibleTo(root.exportTo, root.namespace, namespace)) special.set(`${root.namespace}/${root.name}`, root);
    };
    for (const host of [...hosts]) for (const root of read(mesh.virtualServices.withDestination(host)).values()) take(root);
    for (const root of read(mesh.virtualServices.specialTo(namespace))) take(root);
    for (const root of read(mesh.virtualServices.lookingAtSource).values()) take(root);
    if (!mesh.sharesViews) for (const root of read(mesh.virtualServices.publicRoots).values()) take(root);
    for (const root of special.values()) {
      for (const host of root.hosts) {
        if (!isWildcard(host)) hosts.add(host);
        else for (const hostname of read(mesh.services.covered(host)).keys()) if (isSubsetOf(hostname, host)) hosts.add(hostname);
      }
    }
    // Who routes a host differs for these clients, or whether it is a service at all. A VirtualService has its other hosts at
    // the ports of the services it routes: whoever else names one of these hosts may have them at other ports here.
    const unregistered = new Map(special);
    for (const host of hosts) {
      for (const root of read(mesh.virtualServices.allForHost(namespace, host))) unregistered.set(`${root.namespace}/${root.name}`, root);
    }
    const targets = read(mesh.services.aliasTargets);
    if (shortNames) {
      const dnsNamespace = dnsDomain.split('.')[0] ?? '';
      for (const hostname of read(mesh.services.underDnsNamespace(dnsNamespace)).keys()) hosts.add(hostname);
      // Aliases that nobody sees give their names all the same.
      for (const [alias, ofAlias] of targets) if (alias.split('.')[1] === dnsNamespace) for (const target of ofAlias) hosts.add(target);
    }
    // A service answers to the names of its aliases too, and to theirs: it differs where one of them does.
    for (const host of hosts) for (const target of targets.get(host) ?? []) hosts.add(target);
    return { hosts, virtualServices: unregistered };
  }, sameOverrides);
  return (scope) => family(scopeKey(scope));
}

function sameOverrides(a: RouteOverrides, b: RouteOverrides): boolean {
  if (a.hosts.size !== b.hosts.size || a.virtualServices.size !== b.virtualServices.size) return false;
  for (const host of a.hosts) if (!b.hosts.has(host)) return false;
  for (const [key, root] of a.virtualServices) if (b.virtualServices.get(key) !== root) return false;
  return true;
}
