import type { Equal, Read } from './cell.ts';
import { KeyedCompute, type KeyedOwner } from './keyed-compute.ts';
import type { MapNode } from './map-node.ts';
import { CLEAN, DIRTY } from './reader.ts';
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
  /** Everything dirty was accepted, in one go or several. */
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
      try {
        this.update(key);
      } catch (error) {
        if (!this.runtime.isPutOff(error)) throw error;
        this.runtime.resume();
        this.keyMarked(key);
        return;
      }
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
    compute.freshness = CLEAN;
    try {
      const result = this.compute(value, key, this.runtime.read);
      this.runtime.checkInterrupted();
      this.accept(key, result);
      this.runtime.checkInterrupted();
    } catch (error) {
      if (this.runtime.isPutOff(error)) {
        compute.freshness = DIRTY;
        throw error;
      }
      this.runtime.report(error, key);
    } finally {
      compute.isRunning = false;
      this.runtime.leave();
      before.unlink(compute, compute.sources);
      this.keep(compute, known !== undefined);
    }
  }

  /** A compute that read nothing is not remembered: only the source key can change its result. */
  private keep(compute: KeyedCompute, isKnown: boolean): void {
    if (!compute.sources.isEmpty) {
      if (!isKnown) this.computes.set(compute.key, compute);
      return;
    }
    if (isKnown) this.computes.delete(compute.key);
    this.spare = compute;
  }
}
