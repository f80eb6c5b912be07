import type { Cell } from './cell.ts';
import type { Evictable } from './idle-cells.ts';
import { markReaders, type Reader, type Readers, raiseReaders, withoutReader, withReader } from './reader.ts';
import type { Runtime } from './runtime.ts';

/** The base of every cell: its readers, and its place in the order of settling. */
export abstract class Node<T> implements Cell<T> {
  readonly runtime: Runtime;
  private readers: Readers;
  /** Above everything it reads; inputs stand at 0. */
  abstract readonly level: number;
  /** Being computed right now: reading it would be a cycle. */
  abstract readonly busy: boolean;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
  }

  /** The value, brought up to date. Everything below is settled when this is called. */
  abstract current(): T;

  get(): T {
    return this.runtime.outside(this);
  }

  /** The one cell that stands for this handle in the graph. */
  canonical(): Node<unknown> {
    return this;
  }

  /** Brings the value up to date without handing it out; keeps errors for `current`. */
  refresh(): void {}

  /** Computes what must exist for a change to be noticed. */
  prime(): void {
    this.canonical().refresh();
  }

  /** Certain to be recomputed by `refresh`, whatever its old sources say. */
  get outdated(): boolean {
    return false;
  }

  /** What disappears when nobody reads this cell; undefined for inputs. */
  evictable(): Evictable | undefined {
    return undefined;
  }

  hasReaders(): boolean {
    return this.readers !== undefined;
  }

  link(reader: Reader): void {
    this.readers = withReader(this.readers, reader);
  }

  unlink(reader: Reader): void {
    this.readers = withoutReader(this.readers, reader);
    if (this.readers === undefined) this.unread();
  }

  markReaders(certain: boolean): void {
    markReaders(this.readers, certain);
  }

  raiseReaders(level: number): void {
    raiseReaders(this.readers, level);
  }

  /** The last reader has gone. */
  protected unread(): void {
    const evictable = this.evictable();
    if (evictable) this.runtime.idle.left(evictable);
  }
}

/** The engine's own cell behind a public one. */
export function nodeOf<T>(cell: Cell<T>): Node<T> {
  if (cell instanceof Node) return cell;
  throw new TypeError('not a cell of this engine');
}
