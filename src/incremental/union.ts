import type { Equal } from './cell.ts';
import type { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { StoredMap } from './stored-map.ts';

/** All keys of all layers; what the layers have under one key is merged, in layer order. */
export class Union<T> extends StoredMap<T> {
  readonly label = 'union';
  private readonly layers: readonly MapNode<T>[];
  private readonly merge: (values: readonly T[], key: string) => T;
  private readonly dirty = new Set<string>();

  constructor(runtime: Runtime, layers: readonly MapNode<T>[], merge: (values: readonly T[], key: string) => T, equal: Equal<T>) {
    super(runtime, layers, equal);
    this.layers = layers;
    this.merge = merge;
  }

  override sourceChanged(key: string): void {
    this.dirty.add(key);
    this.enqueue();
  }

  protected override buildAll(): void {
    for (const layer of this.layers) {
      for (const [key] of layer.entries()) if (this.peek(key) === undefined) this.update(key);
    }
  }

  protected override process(): void {
    for (const key of this.dirty) this.update(key);
    this.dirty.clear();
  }

  protected override clear(): void {
    super.clear();
    this.dirty.clear();
  }

  private update(key: string): void {
    const values: T[] = [];
    for (const layer of this.layers) {
      const value = layer.peek(key);
      if (value !== undefined) values.push(value);
    }
    try {
      this.put(key, values.length === 0 ? undefined : this.merge(values, key));
    } catch (error) {
      this.runtime.report(error, key);
    }
  }
}
