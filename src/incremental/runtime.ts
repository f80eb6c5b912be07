import type { Cell, Read } from './cell.ts';
import { CycleError } from './cycle-error.ts';
import { IdleCells } from './idle-cells.ts';
import { Interrupt } from './interrupt.ts';
import { type Node, nodeOf } from './node.ts';
import type { Observer, Observers } from './observer.ts';
import type { Reader } from './reader.ts';
import { SettleQueue } from './settle-queue.ts';

/** A compute on the stack. */
export interface Frame extends Reader {
  readonly level: number;
  readonly label: string;
  track(source: Node<unknown>): void;
}

/**
 * What all cells of one engine share: the revision, the stack of running computes, and the order of settling.
 *
 *   set -> mark readers -> [settle maps, lowest level first: changed keys mark their readers] -> tell observers -> forget the unread
 *
 * Derived cells are only marked; they recompute when asked, by a map that settles or from outside.
 */
export class Runtime {
  revision = 0;
  recomputed = 0;
  cells = 0;
  readonly idle = new IdleCells();
  readonly queue = new SettleQueue();
  readonly observed = new Map<Node<unknown>, Observers>();
  observers = 0;
  private readonly stack: Frame[] = [];
  private readonly onError: ((error: unknown, key: string) => void) | undefined;
  private readonly interrupt = new Interrupt();
  private isInterrupted = false;
  private pending = new Set<Observer>();
  private errors: { error: unknown; key: string }[] = [];
  private batches = 0;
  private revisionOpen = false;
  private hasChanges = false;
  private telling = false;

  constructor(onError: ((error: unknown, key: string) => void) | undefined) {
    this.onError = onError;
  }

  readonly read: Read = <T>(cell: Cell<T>): T => {
    const frame = this.stack.at(-1);
    if (!frame) throw new Error('read() is only good inside the compute it was handed to');
    const node = nodeOf(cell);
    const source = node.canonical();
    this.prepare(source);
    let value: T;
    try {
      value = node.current();
    } catch (error) {
      if (!(error instanceof CycleError || error instanceof Interrupt)) this.depend(frame, source);
      throw error;
    }
    this.depend(frame, source);
    return value;
  };

  /**
   * Called before the compute on top of the stack uses a source. When something that the source may stand on is still to be settled,
   * everything on the stack is moved above the source and put off.
   */
  prepare(source: Node<unknown>): void {
    if (source.busy) throw this.cycle();
    if (source.outdated || !this.queue.hasUpTo(source.level)) return;
    let level = source.level + 1;
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const frame = this.stack[i];
      frame?.raise(level);
      level = (frame?.level ?? 0) + 1;
    }
    if (source.level >= (this.stack.at(-1)?.level ?? Number.POSITIVE_INFINITY)) throw this.cycle();
    this.isInterrupted = true;
    throw this.interrupt;
  }

  /** To be called after a compute, which may have caught what it should not. */
  checkInterrupted(): void {
    if (this.isInterrupted) throw this.interrupt;
  }

  /** Whether an error means that the compute is to be run again later. */
  isPutOff(error: unknown): boolean {
    return this.isInterrupted && error === this.interrupt;
  }

  /** What was put off is queued again. */
  resume(): void {
    this.isInterrupted = false;
  }

  /** Puts a frame above a source. That the source rises with it means that it reads the frame. */
  place(frame: Frame, source: Node<unknown>): void {
    if (frame.level > source.level) return;
    frame.raise(source.level + 1);
    if (source.level >= frame.level) throw this.cycle();
  }

  private depend(frame: Frame, source: Node<unknown>): void {
    this.place(frame, source);
    frame.track(source);
  }

  enter(frame: Frame): void {
    this.stack.push(frame);
  }

  leave(): void {
    this.stack.pop();
  }

  cycle(): CycleError {
    return new CycleError(this.stack.map((frame) => frame.label));
  }

  /** Nothing to do before a read from outside. */
  get isSettled(): boolean {
    return !this.hasChanges && this.stack.length === 0 && this.queue.isEmpty;
  }

  /** A read from outside: of a value, or of what `take` says. */
  outside<T>(cell: Node<T>): T;
  outside<T, R>(cell: Node<T>, take: () => R): R;
  outside<T, R>(cell: Node<T>, take?: () => R): T | R {
    if (this.stack.length > 0) throw new Error('get() inside a compute: use read');
    this.settle();
    const source = cell.canonical();
    const evictable = source.evictable();
    if (evictable) this.idle.touch(evictable);
    try {
      return take ? this.settled(take) : this.settled(() => cell.current());
    } finally {
      this.observed.get(source)?.arm();
      this.rest();
    }
  }

  /** A read may itself find that a map is to be settled: then that goes first. */
  private settled<R>(take: () => R): R {
    for (;;) {
      try {
        return take();
      } catch (error) {
        if (!this.isPutOff(error)) throw error;
        this.resume();
        this.settle();
      }
    }
  }

  /** An input is about to change. */
  change(): void {
    if (this.stack.length > 0) throw new Error('an input was set inside a compute');
    if (!this.revisionOpen) {
      this.revision++;
      this.revisionOpen = this.batches > 0;
    }
    this.hasChanges = true;
  }

  /** Runs changes as one revision. */
  batch(run: () => void): void {
    if (this.stack.length > 0) throw new Error('a batch was started inside a compute');
    this.batches++;
    try {
      run();
    } finally {
      this.batches--;
      this.changed();
    }
  }

  /** An input has changed: outputs are told, once the batch is over. */
  changed(): void {
    if (this.batches > 0) return;
    this.revisionOpen = false;
    if (this.observers > 0) this.settle();
    this.rest();
  }

  /** An observation has ended. */
  released(source: Node<unknown>): void {
    const evictable = source.evictable();
    if (evictable) this.idle.untouch(evictable);
    this.rest();
  }

  tell(observer: Observer): void {
    this.pending.add(observer);
  }

  report(error: unknown, key: string): void {
    this.errors.push({ error, key });
  }

  /** What is set after a read belongs to a later revision, also inside a batch: a journal cannot grow behind a reader. */
  private settle(): void {
    this.revisionOpen = false;
    if (this.hasChanges) this.idle.nextGeneration();
    this.hasChanges = false;
    for (let map = this.queue.take(); map; map = this.queue.take()) map.settle();
  }

  private rest(): void {
    if (this.batches > 0 || this.stack.length > 0) return;
    this.idle.sweep();
    this.tellObservers();
    this.raiseErrors();
  }

  private tellObservers(): void {
    if (this.telling) return;
    this.telling = true;
    try {
      for (let batch = this.pending; batch.size > 0; batch = this.pending) {
        this.pending = new Set();
        for (const observer of batch) {
          try {
            observer.call();
          } catch (error) {
            this.report(error, '');
          }
        }
      }
    } finally {
      this.telling = false;
    }
  }

  private raiseErrors(): void {
    const errors = this.errors;
    if (errors.length === 0) return;
    this.errors = [];
    if (this.onError) for (const { error, key } of errors) this.onError(error, key);
    else if (errors.length === 1) throw errors[0]?.error;
    else throw new AggregateError(errors.map((each) => each.error));
  }
}
