import { sortedMap } from './sorted-copy.ts';

/** The members of one group of an index, in the shape `M` in which they are handed out. What was handed out is never changed. */
export interface Group<A, M> {
  readonly size: number;
  set(key: string, member: A): void;
  delete(key: string): void;
  share(): M;
  /** What was handed out last, if the members were not changed since; otherwise a value that equals nothing. */
  lastShared(): M;
}

/** Members by key. What was handed out is never changed: the next change works on a copy. */
export class KeyedGroup<T> implements Group<T, ReadonlyMap<string, T>> {
  private members = new Map<string, T>();
  private isShared = false;
  private isSorted = true;

  get size(): number {
    return this.members.size;
  }

  set(key: string, member: T): void {
    this.own();
    if (!this.members.has(key)) this.isSorted = false;
    this.members.set(key, member);
  }

  delete(key: string): void {
    this.own();
    this.members.delete(key);
  }

  /** The members in ascending key order, for good. */
  share(): ReadonlyMap<string, T> {
    if (!this.isSorted) this.members = new Map(sortedMap(this.members));
    this.isSorted = true;
    this.isShared = true;
    return this.members;
  }

  lastShared(): ReadonlyMap<string, T> {
    return this.isShared ? this.members : new Map();
  }

  private own(): void {
    if (!this.isShared) return;
    this.members = new Map(this.members);
    this.isShared = false;
  }
}
