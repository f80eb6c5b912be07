import { isSubsetOf } from '../../model/hostname.ts';

/**
 * Hosts of a gateway server that a VirtualService of `namespace` may serve: `ns/host` counts for its namespace alone,
 * `*\/host` and `host` for all (Istio `NamesForNamespace`). In lower case, without the namespace.
 */
export function serverHostsFor(hosts: readonly string[], namespace: string): readonly string[] {
  const matching: string[] = [];
  for (const host of hosts) {
    const slash = host.indexOf('/');
    const owner = slash < 0 ? '*' : host.slice(0, slash);
    if (owner === '*' || owner === namespace) matching.push(host.slice(slash + 1).toLowerCase());
  }
  return matching;
}

/** Names that both lists cover, the narrower of each pair (Istio `Names.Intersection`), in the order of `hosts`. */
export function intersectHosts(hosts: readonly string[], others: readonly string[]): readonly string[] {
  const common = new Set<string>();
  for (const host of hosts) {
    for (const other of others) {
      if (isSubsetOf(host, other)) common.add(host);
      else if (isSubsetOf(other, host)) common.add(other);
    }
  }
  return [...common];
}
