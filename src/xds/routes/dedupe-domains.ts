import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { virtualHostName } from '../names.ts';
import type { VirtualHostEntry } from './virtual-host-entry.ts';

/** A name or domain that two virtual hosts of one table wanted; Envoy refuses a table with such a pair. */
export interface DomainConflict {
  readonly domain: string;
  /** The virtual host that did not get it. */
  readonly loser: string;
}

export interface DedupedVirtualHosts {
  readonly virtualHosts: readonly VirtualHost[];
  readonly conflicts: readonly DomainConflict[];
}

/**
 * Gives every name and domain to the first entry that claims it; entries come in the order of their claims. A shortened
 * name is left to the service that has it in full, so `foo.com` stays itself where there is also `foo.com.cluster.local`.
 * A virtual host without any domain left disappears.
 */
export function dedupeDomains(entries: readonly VirtualHostEntry[]): DedupedVirtualHosts {
  const known = new Set<string>();
  for (const { host, port, isService } of entries) if (isService) known.add(host).add(virtualHostName(host, port));
  const names = new Set<string>();
  const taken = new Set<string>();
  const virtualHosts: VirtualHost[] = [];
  const conflicts: DomainConflict[] = [];
  for (const { virtualHost, alternates } of entries) {
    const name = virtualHost.name ?? '';
    if (names.has(name)) {
      conflicts.push({ domain: name, loser: name });
      continue;
    }
    names.add(name);
    const domains: string[] = [];
    for (const domain of virtualHost.domains ?? []) {
      const key = domain.toLowerCase();
      if (taken.has(key) || (known.has(domain) && alternates.includes(domain))) {
        conflicts.push({ domain, loser: name });
      } else {
        taken.add(key);
        domains.push(domain);
      }
    }
    if (domains.length > 0) virtualHosts.push(domains.length === virtualHost.domains?.length ? virtualHost : { ...virtualHost, domains });
  }
  return { virtualHosts, conflicts };
}
