/** The public types of the engine: what a cell, an input and a journaled map promise to whoever reads them. */

/** Reads another cell and remembers it as a dependency of the one being computed. Only good inside the compute it was handed to. */
export type Read = <T>(cell: Cell<T>) => T;

/** Says that two values are interchangeable, so that a change from one to the other need not be told to readers. */
export type Equal<T> = (a: T, b: T) => boolean;

/** A value that may change from revision to revision. */
export interface Cell<T> {
  /** Read from outside: settles the engine first. Throws what the compute threw. Inside a compute use `read`. */
  get(): T;
}

/** A fact from outside. */
export interface Input<T> extends Cell<T> {
  set(value: T): void;
}

/**
 * A keyed collection that remembers which keys changed when. `undefined` is never a value: it means that the key is absent.
 * `get()` is an immutable copy in ascending key order (code units), so whoever reads the whole map pays for the whole map.
 */
export interface MapCell<T> extends Cell<ReadonlyMap<string, T>> {
  /** One key as a cell; its readers are touched only when this key changes. */
  at(key: string): Cell<T | undefined>;
  /** `at(key).get()` for whoever looks up many keys from outside: without a cell where there is nothing to settle. */
  lookup(key: string): T | undefined;
  /** The revision in which some key last changed, or in which the map was built. */
  changedAt(): number;
  /** Keys added, changed or removed after `revision`; undefined when the journal no longer reaches back that far: take the whole map.
   * Of an overlay it may also name a key whose layers changed without a visible change. */
  changedSince(revision: number): ReadonlySet<string> | undefined;
}

/** A keyed collection of outside facts. */
export interface Table<T> extends MapCell<T> {
  set(key: string, value: T): void;
  delete(key: string): void;
  /** Makes the table hold exactly these entries, in one revision; equal values are left alone. */
  replace(entries: ReadonlyMap<string, T>): void;
}

/** The members of a map by group. */
export interface Index<T> {
  /** Members of one group in ascending key order; an empty map for an unknown group. */
  readonly group: (name: string) => Cell<ReadonlyMap<string, T>>;
  /** All groups that have members. */
  readonly groups: MapCell<ReadonlyMap<string, T>>;
}

export interface EngineOptions {
  /** Told about every compute of a keyed map that threw, once the engine is settled. Default: thrown to whoever caused the settling. */
  readonly onError?: (error: unknown, key: string) => void;
}

export interface EngineStats {
  /** Computes run since the start, of derived cells and of keys of maps. */
  readonly recomputed: number;
  /** Derived cells and derived maps that hold a value now; inputs and tables are not counted. */
  readonly cells: number;
  /** Cells observed now, counted once per observer. */
  readonly observers: number;
}
