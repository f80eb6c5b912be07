import type { Node } from './node.ts';
import type { Reader } from './reader.ts';
import type { Runtime } from './runtime.ts';

/** An output's reader of a cell: asks once to be served, and again only after the cell was read. */
export class Observer implements Reader {
  private readonly runtime: Runtime;
  private readonly onStale: () => void;
  private armed = true;
  private closed = false;

  constructor(runtime: Runtime, onStale: () => void) {
    this.runtime = runtime;
    this.onStale = onStale;
  }

  mark(): void {
    if (!this.armed) return;
    this.armed = false;
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

/** Starts an observation; the cell is computed now, so that there is something to become stale. */
export function observe(runtime: Runtime, cell: Node<unknown>, onStale: () => void): () => void {
  const observer = new Observer(runtime, onStale);
  const source = runtime.outside(cell, () => {
    cell.prime();
    const found = cell.canonical();
    found.link(observer);
    return found;
  });
  const observers = runtime.observed.get(source) ?? new Set();
  runtime.observed.set(source, observers.add(observer));
  runtime.observers++;
  return () => {
    if (!observers.delete(observer)) return;
    if (observers.size === 0) runtime.observed.delete(source);
    runtime.observers--;
    observer.close();
    source.unlink(observer);
    runtime.released(source);
  };
}
