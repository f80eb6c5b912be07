import type { Group } from './group.ts';

/**
 * Members in an order of their own, equals by key. A change costs a search and a copy of pointers, so that one of ten thousand
 * may come and go for a few microseconds.
 */
export class OrderedGroup<T> implements Group<T, readonly T[]> {
  private readonly byKey = new Map<string, T>();
  private readonly compare: (a: T, b: T) => number;
  /** Beside `members`; both are put in order when somebody looks first. */
  private keys: string[] = [];
  private members: T[] | undefined;
  private isShared = false;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.byKey.size;
  }

  set(key: string, member: T): void {
    this.delete(key);
    this.byKey.set(key, member);
    if (this.members === undefined) return;
    const at = this.placeOf(key, member);
    this.keys.splice(at, 0, key);
    this.own(this.members).splice(at, 0, member);
  }

  delete(key: string): void {
    const member = this.byKey.get(key);
    if (member === undefined) return;
    this.byKey.delete(key);
    if (this.members === undefined) return;
    const at = this.placeOf(key, member);
    this.keys.splice(at, 1);
    this.own(this.members).splice(at, 1);
  }

  share(): readonly T[] {
    if (this.members === undefined) {
      const sorted = [...this.byKey].sort(([a, first], [b, second]) => this.order(first, a, second, b));
      this.keys = sorted.map(([key]) => key);
      this.members = sorted.map(([, member]) => member);
    }
    this.isShared = true;
    return this.members;
  }

  lastShared(): readonly T[] {
    return this.isShared && this.members !== undefined ? this.members : [];
  }

  private own(members: T[]): T[] {
    if (!this.isShared) return members;
    this.isShared = false;
    this.members = members.slice();
    return this.members;
  }

  private placeOf(key: string, member: T): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.order(this.members?.[middle] as T, this.keys[middle] as string, member, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private order(a: T, keyOfA: string, b: T, keyOfB: string): number {
    return this.compare(a, b) || (keyOfA < keyOfB ? -1 : keyOfA > keyOfB ? 1 : 0);
  }
}
