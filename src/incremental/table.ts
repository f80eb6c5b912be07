import type { Equal, Table } from './cell.ts';
import { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { StoredEntries } from './stored-entries.ts';

/** A keyed collection of outside facts. */
export class TableNode<T> extends MapNode<T> implements Table<T> {
  private readonly stored: StoredEntries<T>;

  constructor(runtime: Runtime, equal: Equal<T>) {
    super(runtime);
    this.stored = new StoredEntries(equal, runtime.revision);
  }

  peek(key: string): T | undefined {
    return this.stored.values.get(key);
  }

  entries(): Iterable<readonly [string, T]> {
    return this.stored.values;
  }

  sortedKeys(): readonly string[] {
    return this.stored.sortedKeys();
  }

  set(key: string, value: T): void {
    this.put(key, value);
  }

  delete(key: string): void {
    this.put(key, undefined);
  }

  replace(entries: ReadonlyMap<string, T>): void {
    this.runtime.batch(() => {
      for (const key of [...this.stored.values.keys()]) if (!entries.has(key)) this.put(key, undefined);
      for (const [key, value] of entries) this.put(key, value);
    });
  }

  protected journalSince(revision: number): ReadonlySet<string> | undefined {
    return this.stored.journal.since(revision);
  }

  private put(key: string, value: T | undefined): void {
    if (this.stored.isSame(key, value)) return;
    this.runtime.change();
    const old = this.stored.values.get(key);
    this.stored.put(key, value, this.runtime.revision);
    this.announce(key, old);
    this.runtime.changed();
  }
}
