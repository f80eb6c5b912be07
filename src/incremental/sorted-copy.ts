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

  take(keys: () => readonly string[], peek: (key: string) => T | undefined): ReadonlyMap<string, T> {
    const last = this.last?.deref();
    if (last && this.changed.size === 0) return last;
    const next = (last && patched(last, this.changed, peek)) ?? copyOf(keys(), peek);
    this.changed.clear();
    this.last = new WeakRef(next);
    return next;
  }
}

/** A copy in ascending order of keys, by code units. */
export function sortedMap<T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Sorts keys in place by code units; what is in order already only costs a look. */
export function inOrder(keys: string[]): readonly string[] {
  for (let i = 1; i < keys.length; i++) if ((keys[i] as string) < (keys[i - 1] as string)) return keys.sort();
  return keys;
}

/** The keys of all lists in ascending order, each once; lists are in order themselves. */
export function mergeSorted(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = lists.filter((list) => list.length > 0).sort((a, b) => a.length - b.length);
  return rest.reduce((merged, list) => mergeTwo(merged, list), first);
}

function mergeTwo(a: readonly string[], b: readonly string[]): readonly string[] {
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as string;
    const right = b[j] as string;
    if (left <= right) i++;
    if (right <= left) j++;
    merged.push(left <= right ? left : right);
  }
  for (; i < a.length; i++) merged.push(a[i] as string);
  for (; j < b.length; j++) merged.push(b[j] as string);
  return merged;
}

function copyOf<T>(keys: readonly string[], peek: (key: string) => T | undefined): ReadonlyMap<string, T> {
  const copy = new Map<string, T>();
  for (const key of keys) {
    const value = peek(key);
    if (value !== undefined) copy.set(key, value);
  }
  return copy;
}

/** Undefined where a key is new: then the order is to be found afresh. */
function patched<T>(
  last: ReadonlyMap<string, T>,
  changed: ReadonlySet<string>,
  peek: (key: string) => T | undefined,
): ReadonlyMap<string, T> | undefined {
  const next = new Map(last);
  for (const key of changed) {
    const value = peek(key);
    if (value === undefined) next.delete(key);
    else if (last.has(key)) next.set(key, value);
    else return undefined;
  }
  return next;
}
