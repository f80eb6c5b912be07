import type { Equal, Read } from './cell.ts';
import { CycleError } from './cycle-error.ts';
import type { Evictable } from './idle-cells.ts';
import { Node } from './node.ts';
import { CHECK, CLEAN, DIRTY, type Freshness } from './reader.ts';
import type { Frame, Runtime } from './runtime.ts';
import { Sources } from './sources.ts';

/** Where a shared cell is found again by its key. */
export interface Home<T> {
  readonly cells: Map<string, DerivedNode<T>>;
  readonly key: string;
}

/** A pure function of other cells: marked when something under it changes, recomputed when asked, forgotten when unread. */
export class DerivedNode<T> extends Node<T> implements Frame, Evictable {
  level = 0;
  readAt = -1;
  private freshness: Freshness = DIRTY;
  private isRunning = false;
  private isChecking = false;
  private isAlive = false;
  private hasValue = false;
  private failed = false;
  private value: T | undefined;
  private error: unknown;
  private readonly sources = new Sources();
  private readonly compute: (read: Read) => T;
  private readonly equal: Equal<T>;
  private readonly home: Home<T> | undefined;

  constructor(runtime: Runtime, compute: (read: Read) => T, equal: Equal<T>, home?: Home<T>) {
    super(runtime);
    this.compute = compute;
    this.equal = equal;
    this.home = home;
  }

  get busy(): boolean {
    return this.isRunning || this.isChecking;
  }

  override get outdated(): boolean {
    return this.freshness === DIRTY;
  }

  get label(): string {
    return this.home ? `family cell ${JSON.stringify(this.home.key)}` : 'derived cell';
  }

  override canonical(): DerivedNode<T> {
    if (!this.home || this.isAlive) return this;
    const { cells, key } = this.home;
    const shared = cells.get(key);
    if (shared) return shared;
    cells.set(key, this);
    this.runtime.idle.left(this);
    return this;
  }

  current(): T {
    const shared = this.canonical();
    if (shared !== this) return shared.current();
    this.refresh();
    if (this.failed) throw this.error;
    return this.value as T;
  }

  override refresh(): void {
    if (this.freshness === CLEAN) return;
    if (this.busy) throw this.runtime.cycle();
    if (this.freshness === CHECK && !this.hasChangedSource()) this.freshness = CLEAN;
    else this.recompute();
  }

  mark(certain: boolean): void {
    if (this.isRunning) return;
    const before = this.freshness;
    if (certain) this.freshness = DIRTY;
    else if (before === CLEAN) this.freshness = CHECK;
    if (before === CLEAN) this.markReaders(false);
  }

  raise(level: number): void {
    if (level <= this.level) return;
    this.level = level;
    this.raiseReaders(level + 1);
  }

  track(source: Node<unknown>): void {
    if (this.sources.add(source)) source.link(this);
  }

  override evictable(): Evictable {
    return this;
  }

  isUsed(): boolean {
    return this.hasReaders();
  }

  evict(): void {
    if (this.home?.cells.get(this.home.key) === this) this.home.cells.delete(this.home.key);
    if (!this.isAlive) return;
    this.isAlive = false;
    this.runtime.cells--;
    this.sources.take().unlink(this);
    this.freshness = DIRTY;
    this.failed = false;
    this.hasValue = false;
    this.value = undefined;
    this.error = undefined;
    this.level = 0;
  }

  private hasChangedSource(): boolean {
    this.isChecking = true;
    try {
      return this.sources.refreshUntil(() => this.freshness === DIRTY);
    } finally {
      this.isChecking = false;
    }
  }

  private recompute(): void {
    this.live();
    const before = this.sources.take();
    this.runtime.recomputed++;
    this.isRunning = true;
    this.runtime.enter(this);
    let isSame = false;
    try {
      const next = this.compute(this.runtime.read);
      this.runtime.checkInterrupted();
      isSame = this.hasValue && this.equal(this.value as T, next);
      if (!isSame) this.accept(next);
      this.freshness = CLEAN;
    } catch (error) {
      if (this.runtime.isPutOff(error)) throw error;
      this.fail(error);
    } finally {
      this.runtime.leave();
      this.isRunning = false;
      before.unlink(this, this.sources);
      this.level = this.sources.highest() + 1;
    }
    if (!isSame) this.markReaders(true);
  }

  private live(): void {
    if (this.isAlive) return;
    this.isAlive = true;
    this.runtime.cells++;
    this.runtime.idle.left(this);
  }

  private accept(value: T): void {
    this.value = value;
    this.hasValue = true;
    this.failed = false;
    this.error = undefined;
  }

  /** A cycle is not kept: the edge that closed it was not recorded, so nothing would wake this cell when it is gone. */
  private fail(error: unknown): void {
    this.failed = true;
    this.error = error;
    this.value = undefined;
    this.hasValue = false;
    this.freshness = error instanceof CycleError ? DIRTY : CLEAN;
  }
}
