import { DerivedMap } from './derived-map.ts';
import type { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { mergeSorted } from './sorted-copy.ts';

/** Layers seen as one map: the first that has a key wins, null hides the key. Holds nothing of its own. */
export class Overlay<T> extends DerivedMap<T> {
  readonly label = 'overlay';
  private readonly layers: readonly MapNode<T | null>[];
  /** Keys touched in this settling, with what they were. */
  private readonly before = new Map<string, T | undefined>();

  constructor(runtime: Runtime, layers: readonly MapNode<T | null>[]) {
    super(runtime, layers);
    this.layers = layers;
  }

  peek(key: string): T | undefined {
    for (const layer of this.layers) {
      const value = layer.peek(key);
      if (value !== undefined) return value ?? undefined;
    }
    return undefined;
  }

  *entries(): Iterable<readonly [string, T]> {
    for (const [i, layer] of this.layers.entries()) {
      for (const [key, value] of layer.entries()) {
        if (value !== null && !this.isCovered(key, i)) yield [key, value];
      }
    }
  }

  sortedKeys(): readonly string[] {
    return this.possibleKeys().filter((key) => this.peek(key) !== undefined);
  }

  /** The layers are in order already: they are put together, not sorted. */
  override possibleKeys(): readonly string[] {
    return mergeSorted(this.layers.map((layer) => layer.possibleKeys()));
  }

  /** Layers tell one after the other: what the key was is known at the first word only. */
  override sourceChanged(key: string, old: unknown, slot: number): void {
    const changed = this.layers[slot];
    if (!changed || this.before.has(key)) return;
    this.before.set(key, this.peekBefore(key, changed, old));
    this.enqueue();
  }

  /** From the layers' journals, without the keys that a higher layer covered all the time. */
  protected journalSince(revision: number): ReadonlySet<string> | undefined {
    const changed = new Set<string>();
    for (const [i, layer] of this.layers.entries()) {
      const keys = layer.since(revision);
      if (!keys) return undefined;
      for (const key of keys) if (!changed.has(key) && !this.isCovered(key, i)) changed.add(key);
    }
    return changed;
  }

  protected override build(): void {}

  protected override process(): void {
    for (const [key, old] of this.before) if (!Object.is(this.peek(key), old)) this.announce(key, old);
    this.before.clear();
  }

  protected override clear(): void {
    this.before.clear();
  }

  private isCovered(key: string, below: number): boolean {
    for (let i = 0; i < below; i++) if (this.layers[i]?.peek(key) !== undefined) return true;
    return false;
  }

  override peekBefore(key: string, changed: MapNode<unknown>, old: unknown): T | undefined {
    if (this.before.has(key)) return this.before.get(key);
    for (const layer of this.layers) {
      const value = layer.peekBefore(key, changed, old);
      if (value !== undefined) return value ?? undefined;
    }
    return undefined;
  }
}
