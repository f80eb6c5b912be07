/** How many changed keys are worth patching a copy for. */
const MOST_PATCHES = 1000;

/**
 * The immutable copy of a map that readers of the whole map get. It is remembered weakly, so that it costs memory only while somebody
 * holds it, and the next one is made out of it.
 */
export class SortedCopy<T> {
  private last: WeakRef<ReadonlyMap<string, T>> | undefined;
  private readonly changed = new Set<string>();

  note(key: string): void {
    if (!this.last) return;
    this.changed.add(key);
    if (this.changed.size > MOST_PATCHES) this.drop();
  }

  drop(): void {
    this.last = undefined;
    this.changed.clear();
  }

  take(entries: () => Iterable<readonly [string, T]>, peek: (key: string) => T | undefined): ReadonlyMap<string, T> {
    const last = this.last?.deref();
    if (last && this.changed.size === 0) return last;
    const next = last ? patched(last, this.changed, peek) : sortedMap(entries());
    this.changed.clear();
    this.last = new WeakRef(next);
    return next;
  }
}

/** A copy in ascending order of keys, by code units. */
export function sortedMap<T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function patched<T>(
  last: ReadonlyMap<string, T>,
  changed: ReadonlySet<string>,
  peek: (key: string) => T | undefined,
): ReadonlyMap<string, T> {
  const next = new Map(last);
  let hasNew = false;
  for (const key of changed) {
    const value = peek(key);
    if (value === undefined) next.delete(key);
    else {
      hasNew ||= !last.has(key);
      next.set(key, value);
    }
  }
  return hasNew ? sortedMap(next) : next;
}
