import type { Equal } from './cell.ts';
import { DerivedMap } from './derived-map.ts';
import type { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { StoredEntries } from './stored-entries.ts';

/** A derived map that holds its own values. */
export abstract class StoredMap<T> extends DerivedMap<T> {
  private readonly stored: StoredEntries<T>;
  private isBuilding = false;

  constructor(runtime: Runtime, upstream: readonly MapNode<unknown>[], equal: Equal<T>) {
    super(runtime, upstream);
    this.stored = new StoredEntries(equal, 0);
  }

  protected abstract buildAll(): void;

  peek(key: string): T | undefined {
    return this.stored.values.get(key);
  }

  entries(): Iterable<readonly [string, T]> {
    return this.stored.values;
  }

  sortedKeys(): readonly string[] {
    return this.stored.sortedKeys();
  }

  protected journalSince(revision: number): ReadonlySet<string> | undefined {
    return this.stored.journal.since(revision);
  }

  protected override build(): void {
    this.stored.reset(this.runtime.revision);
    this.isBuilding = true;
    try {
      this.buildAll();
    } finally {
      this.isBuilding = false;
    }
  }

  protected override clear(): void {
    this.stored.reset(this.runtime.revision);
  }

  protected put(key: string, value: T | undefined): void {
    if (this.isBuilding) {
      this.stored.fill(key, value);
      return;
    }
    if (this.stored.isSame(key, value)) return;
    const old = this.stored.values.get(key);
    this.stored.put(key, value, this.runtime.revision);
    this.announce(key, old);
  }
}
