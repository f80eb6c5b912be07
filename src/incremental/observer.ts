import type { Node } from './node.ts';
import type { Reader } from './reader.ts';
import type { Runtime } from './runtime.ts';

/** An output's reader of a cell: asks once to be served, and again only after the cell was read. */
export class Observer implements Reader {
  private readonly runtime: Runtime;
  private readonly onStale: () => void;
  private readonly onMarked: (observer: Observer) => void;
  private armed = true;
  private closed = false;

  constructor(runtime: Runtime, onStale: () => void, onMarked: (observer: Observer) => void) {
    this.runtime = runtime;
    this.onStale = onStale;
    this.onMarked = onMarked;
  }

  mark(): void {
    if (!this.armed) return;
    this.armed = false;
    this.onMarked(this);
    this.runtime.tell(this);
  }

  /** An output is read by nobody: it has no place in the order. */
  raise(): void {}

  arm(): void {
    this.armed = true;
  }

  close(): void {
    this.closed = true;
  }

  call(): void {
    if (!this.closed) this.onStale();
  }
}

/** All observers of one cell. A cell that hundreds observe is read far more often than it changes: only those that were told are armed again. */
export class Observers {
  private readonly all = new Set<Observer>();
  private disarmed: Observer[] = [];

  get isEmpty(): boolean {
    return this.all.size === 0;
  }

  make(runtime: Runtime, onStale: () => void): Observer {
    const observer = new Observer(runtime, onStale, (marked) => this.disarmed.push(marked));
    this.all.add(observer);
    return observer;
  }

  delete(observer: Observer): boolean {
    return this.all.delete(observer);
  }

  /** The cell was read from outside. */
  arm(): void {
    if (this.disarmed.length === 0) return;
    for (const observer of this.disarmed) observer.arm();
    this.disarmed = [];
  }
}

/** Starts an observation; the cell is computed now, so that there is something to become stale. */
export function observe(runtime: Runtime, cell: Node<unknown>, onStale: () => void): () => void {
  const { source, observers, observer } = runtime.outside(cell, () => {
    cell.prime();
    const found = cell.canonical();
    const all = runtime.observed.get(found) ?? new Observers();
    const made = all.make(runtime, onStale);
    found.link(made);
    return { source: found, observers: all, observer: made };
  });
  runtime.observed.set(source, observers);
  runtime.observers++;
  return () => {
    if (!observers.delete(observer)) return;
    if (observers.isEmpty) runtime.observed.delete(source);
    runtime.observers--;
    observer.close();
    source.unlink(observer);
    runtime.released(source);
  };
}
