import type { Cell, MapCell } from './cell.ts';
import type { Evictable } from './idle-cells.ts';
import { KeyCell } from './key-cell.ts';
import { Node, nodeOf } from './node.ts';
import { SortedCopy } from './sorted-copy.ts';

/** A map that is built upon another one. `slot` says which of its sources. */
export interface MapReader {
  sourceChanged(key: string, old: unknown, slot: number): void;
  raise(level: number): void;
}

/** Where a shared map is found again by its key. */
export interface MapHome {
  readonly maps: Map<string, MapCell<unknown>>;
  readonly key: string;
}

/** One edge from a map to a map built upon it. */
export interface MapLink {
  readonly reader: MapReader;
  readonly slot: number;
}

/** What all maps share: readers of the whole, of single keys, and maps built upon them. */
export abstract class MapNode<T> extends Node<ReadonlyMap<string, T>> implements MapCell<T> {
  level = 0;
  busy = false;
  /** The cells of those keys that have readers. */
  readonly readKeys = new Map<string, KeyCell<T>>();
  protected changedIn = 0;
  private readonly links = new Set<MapLink>();
  private readonly copy = new SortedCopy<T>();

  /** The value of a key; the map is active and settled. */
  abstract peek(key: string): T | undefined;

  /** What a key was before the change that `changed` is just telling of. A map that holds nothing of its own must look below. */
  peekBefore(key: string, changed: MapNode<unknown>, old: unknown): T | undefined {
    return changed === this ? (old as T | undefined) : this.peek(key);
  }

  abstract entries(): Iterable<readonly [string, T]>;
  /** Every key in ascending order; the map is active and settled. Never changed after it was handed out. */
  abstract sortedKeys(): readonly string[];
  /** The same, with keys among them that turn out to be absent: for who looks each of them up anyway. */
  possibleKeys(): readonly string[] {
    return this.sortedKeys();
  }
  protected abstract journalSince(revision: number): ReadonlySet<string> | undefined;

  /** Built, or in no need of it: `peek` is good once everything is settled. */
  get isLive(): boolean {
    return true;
  }
  /** Builds a derived map before its first use. */
  activate(): void {}
  /** Gives the map a place in a family, for as long as it is alive. */
  liveAt(_home: MapHome): void {}

  override prime(): void {
    this.activate();
  }

  at(key: string): Cell<T | undefined> {
    return this.keyCell(key);
  }

  lookup(key: string): T | undefined {
    const isHeld = this.isLive && this.isUsed() && !this.readKeys.has(key);
    return isHeld && this.runtime.isSettled ? this.peek(key) : this.at(key).get();
  }

  keyCell(key: string): KeyCell<T> {
    return this.readKeys.get(key) ?? new KeyCell(this, key);
  }

  current(): ReadonlyMap<string, T> {
    this.activate();
    return this.copy.take(
      () => this.possibleKeys(),
      (key) => this.peek(key),
    );
  }

  changedAt(): number {
    return this.runtime.outside(this, () => {
      this.activate();
      return this.changedIn;
    });
  }

  changedSince(revision: number): ReadonlySet<string> | undefined {
    return this.runtime.outside(this, () => this.since(revision));
  }

  since(revision: number): ReadonlySet<string> | undefined {
    this.activate();
    return this.journalSince(revision);
  }

  changedRevision(): number {
    return this.changedIn;
  }

  attach(link: MapLink): void {
    this.links.add(link);
  }

  detach(link: MapLink): void {
    this.links.delete(link);
    if (!this.isUsed()) this.unread();
  }

  isUsed(): boolean {
    return this.hasReaders() || this.links.size > 0 || this.readKeys.size > 0;
  }

  raise(level: number): void {
    if (level <= this.level) return;
    this.level = level;
    this.raiseReaders(level + 1);
    for (const cell of this.readKeys.values()) cell.raiseReaders(level + 1);
    for (const link of this.links) link.reader.raise(level + 1);
  }

  /** A key has another value now: whoever looks at it is told, and nobody else. */
  protected announce(key: string, old: T | undefined): void {
    this.changedIn = this.runtime.revision;
    this.copy.note(key);
    this.readKeys.get(key)?.markReaders(true);
    this.markReaders(true);
    for (const link of this.links) link.reader.sourceChanged(key, old, link.slot);
  }

  protected forgetCopy(): void {
    this.copy.drop();
  }

  override evictable(): Evictable | undefined {
    return undefined;
  }
}

/** The engine's own map behind a public one. */
export function mapNodeOf<T>(cell: MapCell<T>): MapNode<T> {
  const node = nodeOf(cell);
  if (node instanceof MapNode) return node;
  throw new TypeError('not a map of this engine');
}
