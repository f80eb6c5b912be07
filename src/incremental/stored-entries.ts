import type { Equal } from './cell.ts';
import { Journal } from './journal.ts';
import { inOrder } from './sorted-copy.ts';

/** The entries of a map that holds its own values, with their journal. */
export class StoredEntries<T> {
  readonly values = new Map<string, T>();
  readonly journal: Journal;
  private order: readonly string[] | undefined;
  private readonly equal: Equal<T>;

  constructor(equal: Equal<T>, floor: number) {
    this.equal = equal;
    this.journal = new Journal(floor);
  }

  /** undefined stands for absent. */
  isSame(key: string, value: T | undefined): boolean {
    const old = this.values.get(key);
    return old === undefined || value === undefined ? old === value : this.equal(old, value);
  }

  /** The keys in ascending order, sorted again only after one came or went. */
  sortedKeys(): readonly string[] {
    this.order ??= inOrder([...this.values.keys()]);
    return this.order;
  }

  /** Changes a key without asking whether it is different. */
  put(key: string, value: T | undefined, revision: number): void {
    this.fill(key, value);
    this.journal.note(key, revision, this.values.size);
  }

  /** Puts a key while the map is being built: what was before is unknown, so there is nothing to note. */
  fill(key: string, value: T | undefined): void {
    const before = this.values.size;
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    if (this.values.size !== before) this.order = undefined;
  }

  reset(floor: number): void {
    this.values.clear();
    this.order = undefined;
    this.journal.reset(floor);
  }
}
