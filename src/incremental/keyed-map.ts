import type { Equal, Read } from './cell.ts';
import { KeyedCompute, type KeyedOwner } from './keyed-compute.ts';
import type { MapNode } from './map-node.ts';
import { DIRTY } from './reader.ts';
import type { Runtime } from './runtime.ts';
import { StoredMap } from './stored-map.ts';

/** A map computed key by key of its source: only keys that changed, or whose reads changed, are computed again. */
export abstract class KeyedMap<A, R, T> extends StoredMap<T> implements KeyedOwner {
  private readonly source: MapNode<A>;
  private readonly compute: (value: A, key: string, read: Read) => R;
  private readonly computes = new Map<string, KeyedCompute>();
  private readonly dirty = new Set<string>();
  private spare: KeyedCompute | undefined;

  constructor(runtime: Runtime, source: MapNode<A>, compute: (value: A, key: string, read: Read) => R, equal: Equal<T>) {
    super(runtime, [source], equal);
    this.source = source;
    this.compute = compute;
  }

  /** Takes the result for a source key; undefined when the key has gone. Throws what the compute's result throws. */
  protected abstract accept(key: string, result: R | undefined): void;
  /** Everything dirty was accepted. */
  protected finish(): void {}

  override sourceChanged(key: string): void {
    const compute = this.computes.get(key);
    if (compute) compute.freshness = DIRTY;
    this.keyMarked(key);
  }

  keyMarked(key: string): void {
    this.dirty.add(key);
    this.enqueue();
  }

  protected override buildAll(): void {
    for (const [key, value] of this.source.entries()) this.run(key, value, undefined);
    this.finish();
  }

  protected override process(): void {
    for (const key of this.dirty) {
      this.dirty.delete(key);
      this.update(key);
    }
    this.finish();
  }

  protected override clear(): void {
    super.clear();
    for (const compute of this.computes.values()) compute.dispose();
    this.computes.clear();
    this.dirty.clear();
  }

  private update(key: string): void {
    const compute = this.computes.get(key);
    const value = this.source.peek(key);
    if (value === undefined) {
      compute?.dispose();
      this.computes.delete(key);
      this.accept(key, undefined);
      return;
    }
    if (compute && !compute.needsRun()) return;
    this.run(key, value, compute);
  }

  /** A key whose compute throws keeps its last good result, and what it read until then, to be tried again. */
  private run(key: string, value: A, known: KeyedCompute | undefined): void {
    const compute = known ?? this.spare ?? new KeyedCompute(this, key);
    this.spare = undefined;
    compute.key = key;
    const before = compute.sources.take();
    this.runtime.recomputed++;
    this.runtime.enter(compute);
    compute.isRunning = true;
    try {
      this.accept(key, this.compute(value, key, this.runtime.read));
    } catch (error) {
      this.runtime.report(error, key);
    }
    compute.isRunning = false;
    compute.freshness = 0;
    this.runtime.leave();
    before.unlink(compute, compute.sources);
    if (!compute.sources.isEmpty) {
      if (!known) this.computes.set(key, compute);
      return;
    }
    if (known) this.computes.delete(key);
    this.spare = compute;
  }
}
