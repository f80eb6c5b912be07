import type { Cell, EngineOptions, EngineStats, Equal, Index, Input, MapCell, Read, Table } from './cell.ts';
import { ConstantNode } from './constant.ts';
import { ConstantMap } from './constant-map.ts';
import { DerivedNode } from './derived.ts';
import { family, mapFamily } from './family.ts';
import { FlatMap } from './flat-map.ts';
import { KeyedGroup } from './group.ts';
import { IndexMap } from './index-map.ts';
import { InputNode } from './input.ts';
import { KeyCellOr } from './key-cell.ts';
import { LayeredUnion, type UnionRules } from './layered-union.ts';
import { mapNodeOf } from './map-node.ts';
import { MapValues } from './map-values.ts';
import { nodeOf } from './node.ts';
import { observe } from './observer.ts';
import { OrderedGroup } from './ordered-group.ts';
import { Overlay } from './overlay.ts';
import { Runtime } from './runtime.ts';
import { TableNode } from './table.ts';
import { Union } from './union.ts';

/** Computes like a spreadsheet: synchronous, lazy, and at the cost of what changed. One per process; README.md says how to use it. */
export class Engine {
  private readonly runtime: Runtime;
  /** What `mapFrom` is computed from: a single key. */
  private readonly one: ConstantMap<true>;

  constructor(options: EngineOptions = {}) {
    this.runtime = new Runtime(options.onError);
    this.one = new ConstantMap(this.runtime, new Map([['', true as const]]));
  }

  /** Counts changes of inputs; a batch is one. */
  get revision(): number {
    return this.runtime.revision;
  }

  stats(): EngineStats {
    const { recomputed, cells, observers } = this.runtime;
    return { recomputed, cells, observers };
  }

  input<T>(value: T, equal: Equal<T> = Object.is): Input<T> {
    return new InputNode(this.runtime, value, equal);
  }

  table<T>(equal: Equal<T> = Object.is): Table<T> {
    return new TableNode(this.runtime, equal);
  }

  constant<T>(value: T): Cell<T> {
    return new ConstantNode(this.runtime, value);
  }

  /** A map that never changes. */
  constantMap<T>(entries: ReadonlyMap<string, T>): MapCell<T> {
    return new ConstantMap(this.runtime, entries);
  }

  /** A pure function of other cells, recomputed only when asked. */
  derived<T>(compute: (read: Read) => T, equal: Equal<T> = Object.is): Cell<T> {
    return new DerivedNode(this.runtime, compute, equal);
  }

  /** One shared cell per key; forgotten when its last reader has gone. */
  family<T>(compute: (key: string, read: Read) => T, equal: Equal<T> = Object.is): (key: string) => Cell<T> {
    return family(this.runtime, compute, equal);
  }

  /** One shared map per key; forgotten when nobody reads or observes it. */
  mapFamily<T>(make: (key: string) => MapCell<T>): (key: string) => MapCell<T> {
    return mapFamily(make);
  }

  /** The source's keys with computed values; undefined leaves a key out. */
  mapValues<A, B>(
    source: MapCell<A>,
    compute: (value: A, key: string, read: Read) => B | undefined,
    equal: Equal<B> = Object.is,
  ): MapCell<B> {
    return new MapValues(this.runtime, mapNodeOf(source), compute, equal);
  }

  /**
   * Any entries per source key. Of several source keys that yield the same output key the smallest (code units) wins, and the next
   * takes over when it goes; of several entries of one source key the first wins.
   */
  flatMap<A, B>(
    source: MapCell<A>,
    compute: (value: A, key: string, read: Read) => Iterable<readonly [string, B]>,
    equal: Equal<B> = Object.is,
  ): MapCell<B> {
    return new FlatMap(this.runtime, mapNodeOf(source), compute, equal);
  }

  /** A map made by one computation as a whole: for small maps, since every change costs all of it. May be called inside a compute. */
  mapFrom<T>(compute: (read: Read) => Iterable<readonly [string, T]>, equal: Equal<T> = Object.is): MapCell<T> {
    return new FlatMap(this.runtime, this.one, (_value, _key, read) => compute(read), equal);
  }

  /** The source's entries by group; an entry may be in any number of groups. */
  index<A>(source: MapCell<A>, groupsOf: (value: A, key: string) => Iterable<string>): Index<A> {
    const groups = new IndexMap<A, ReadonlyMap<string, A>>(this.runtime, mapNodeOf(source), groupsOf, () => new KeyedGroup<A>());
    const nobody: ReadonlyMap<string, A> = new Map();
    return { groups, group: (name) => new KeyCellOr(groups.keyCell(name), nobody) };
  }

  /** The source's entries by group, each group in the order of `compare`, equals by key; for large groups that change one by one. */
  ordered<A>(
    source: MapCell<A>,
    groupsOf: (value: A, key: string) => Iterable<string>,
    compare: (a: A, b: A) => number,
  ): MapCell<readonly A[]> {
    return new IndexMap<A, readonly A[]>(this.runtime, mapNodeOf(source), groupsOf, () => new OrderedGroup<A>(compare));
  }

  /** Layers seen as one map, not copied: the first layer that has a key wins; null hides the key of the layers below. */
  overlay<T>(layers: readonly MapCell<T | null>[]): MapCell<T> {
    return new Overlay(this.runtime, layers.map(mapNodeOf));
  }

  /** All keys of all layers; `merge` gets what the layers have under a key, in layer order, and never an empty list. */
  union<T>(layers: readonly MapCell<T>[], merge: (values: readonly T[], key: string) => T, equal: Equal<T> = Object.is): MapCell<T> {
    return new Union(this.runtime, layers.map(mapNodeOf), merge, equal);
  }

  /** As `union`, over layers that come and go: when one does, only the keys that it has or had are merged again. */
  unionOf<L, T, R>(layers: MapCell<L>, rules: UnionRules<L, T, R>, equal: Equal<R> = Object.is): MapCell<R> {
    return new LayeredUnion(this.runtime, mapNodeOf(layers), rules, equal);
  }

  /** Runs many changes of inputs as one revision. */
  batch(run: () => void): void {
    this.runtime.batch(run);
  }

  /**
   * Keeps a cell, and everything under it, alive and computed. `onStale` is called synchronously at the end of a change, once until
   * the cell is read again from outside: for a map when some key has changed, for any other cell when something under it has.
   * Returns the function that ends it.
   */
  observe(cell: Cell<unknown>, onStale: () => void): () => void {
    return observe(this.runtime, nodeOf(cell), onStale);
  }
}
