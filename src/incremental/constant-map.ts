import { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { sortedMap } from './sorted-copy.ts';

/** A map that never changes. */
export class ConstantMap<T> extends MapNode<T> {
  private readonly values: ReadonlyMap<string, T>;

  constructor(runtime: Runtime, values: ReadonlyMap<string, T>) {
    super(runtime);
    this.values = sortedMap(values);
  }

  peek(key: string): T | undefined {
    return this.values.get(key);
  }

  entries(): Iterable<readonly [string, T]> {
    return this.values;
  }

  sortedKeys(): readonly string[] {
    return [...this.values.keys()];
  }

  protected journalSince(): ReadonlySet<string> {
    return new Set();
  }
}
