import { sortedMap } from './sorted-copy.ts';

/** The members of one group. What was handed out is never changed: the next change works on a copy. */
export class Group<T> {
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

  entries(): Iterable<readonly [string, T]> {
    return this.members;
  }

  /** The members in ascending key order, for good. */
  share(): ReadonlyMap<string, T> {
    if (!this.isSorted) this.members = new Map(sortedMap(this.members));
    this.isSorted = true;
    this.isShared = true;
    return this.members;
  }

  /** What was handed out last, if the members were not changed since; otherwise a value that equals nothing. */
  lastShared(): ReadonlyMap<string, T> {
    return this.isShared ? this.members : new Map();
  }

  private own(): void {
    if (!this.isShared) return;
    this.members = new Map(this.members);
    this.isShared = false;
  }
}
