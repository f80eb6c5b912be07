import { virtualHostName } from '../names.ts';
import type { VirtualHostEntry } from './virtual-host-entry.ts';

/**
 * Everything by which `dedupeDomains` could find that an entry is at odds with another one of its table: where no two entries
 * have a claim in common it changes nothing. Undefined where it would change the entry even if that stood alone.
 */
export function claimsOf({ virtualHost, host, port, isService, alternates }: VirtualHostEntry): ReadonlySet<string> | undefined {
  const domains = virtualHost.domains ?? [];
  const name = virtualHost.name ?? '';
  const claims = new Set<string>();
  for (const domain of domains) claims.add(domain.toLowerCase());
  if (domains.length === 0 || claims.size < domains.length) return undefined;
  claims.add(name.toLowerCase());
  if (!isService) return claims;
  const ownNames = [host, virtualHostName(host, port)];
  for (const own of ownNames) claims.add(own.toLowerCase());
  return alternates.some((alternate) => ownNames.includes(alternate)) ? undefined : claims;
}
