import { compareText } from '../../model/config-object.ts';
import { claimsOf } from '../routes/entry-claims.ts';
import { parseRouteName } from '../routes/route-name.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';

/** An entry, what it was made of, and the route tables that it is in. */
export interface OwnedEntry {
  /** A service's hostname, or `vs:` and the key of a VirtualService whose host is no service. */
  readonly owner: string;
  readonly entry: VirtualHostEntry;
  readonly tables: readonly string[];
}

export type EntryGroup = ReadonlyMap<string, OwnedEntry>;

/** Entries of one port between which nothing is to be settled. */
export interface SettledEntries {
  /** Those that a table can hold, by name of their virtual hosts. */
  readonly entriesOf: (routeName: string) => readonly VirtualHostEntry[];
}

interface Settled {
  readonly byName: readonly OwnedEntry[];
  readonly owners: ReadonlyMap<string, OwnedEntry>;
}

/**
 * Puts the entries of a port that all namespaces share together with those of one namespace. To sort a thousand entries and to
 * look for two that want the same domain is done once for the shared ones, as long as they stay what they are; a namespace then
 * only pays for its own.
 */
export class EntrySettler {
  private readonly known = new WeakMap<EntryGroup, Settled | 'conflict'>();

  /** Undefined where two entries may be at odds: then they have to be settled in full. */
  settle(shared: EntryGroup, isHidden: (owner: string) => boolean, mine: EntryGroup): SettledEntries | undefined {
    const theirs = this.sharedOf(shared);
    const own = settledOf(mine.values());
    if (theirs === 'conflict' || own === 'conflict') return undefined;
    for (const claim of own.owners.keys()) {
      const other = theirs.owners.get(claim);
      if (other !== undefined && !isHidden(other.owner)) return undefined;
    }
    const ownerOf = (claim: string) => {
      const other = theirs.owners.get(claim);
      return own.owners.get(claim) ?? (other === undefined || isHidden(other.owner) ? undefined : other);
    };
    let all: readonly VirtualHostEntry[] | undefined;
    return {
      entriesOf(routeName) {
        const { isSniffed, host } = parseRouteName(routeName);
        if (isSniffed)
          return [...new Set([ownerOf(routeName.toLowerCase()), ownerOf(host.toLowerCase())])].flatMap((each) => each?.entry ?? []);
        all ??= merged(
          theirs.byName.filter(({ owner }) => !isHidden(owner)),
          own.byName,
        );
        return all;
      },
    };
  }

  private sharedOf(group: EntryGroup): Settled | 'conflict' {
    const known = this.known.get(group);
    if (known !== undefined) return known;
    const settled = settledOf(group.values());
    this.known.set(group, settled);
    return settled;
  }
}

function settledOf(entries: Iterable<OwnedEntry>): Settled | 'conflict' {
  const byName = [...entries].sort(compareNames);
  const owners = new Map<string, OwnedEntry>();
  for (const owned of byName) {
    const claims = claimsOf(owned.entry);
    if (claims === undefined) return 'conflict';
    for (const claim of claims) {
      if (owners.has(claim)) return 'conflict';
      owners.set(claim, owned);
    }
  }
  return { byName, owners };
}

function merged(a: readonly OwnedEntry[], b: readonly OwnedEntry[]): readonly VirtualHostEntry[] {
  const entries: VirtualHostEntry[] = [];
  let next = 0;
  for (const owned of a) {
    for (; next < b.length && compareNames(b[next] as OwnedEntry, owned) < 0; next++) entries.push((b[next] as OwnedEntry).entry);
    entries.push(owned.entry);
  }
  for (; next < b.length; next++) entries.push((b[next] as OwnedEntry).entry);
  return entries;
}

function compareNames(a: OwnedEntry, b: OwnedEntry): number {
  return compareText(a.entry.virtualHost.name ?? '', b.entry.virtualHost.name ?? '');
}
