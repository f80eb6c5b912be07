import type { RequestedNames } from './requested-names.ts';
import type { ResourceView } from './resource-source.ts';

/** Lists of so many names are worth remembering for the next client that is alike. */
const longList = 64;
/** So many of them; a client that goes on and on asking is like no other. */
const mostLists = 64;

/**
 * The names that a client has asked for one by one: a set that it shares with clients that are alike, and what it differs in.
 * Thousands of clients ask for the same thousands of names.
 */
export class SubscribedNames implements Iterable<string> {
  private shared: ReadonlySet<string> = new Set();
  private readonly added = new Set<string>();
  private readonly gone = new Set<string>();
  /** Held, so that the next client that is alike finds them. */
  private readonly lists: RequestedNames[] = [];

  get size(): number {
    return this.shared.size - this.gone.size + this.added.size;
  }

  has(name: string): boolean {
    return this.added.has(name) || (this.shared.has(name) && !this.gone.has(name));
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const name of this.shared) if (!this.gone.has(name)) yield name;
    yield* this.added;
  }

  /** The list is all that is wanted from now on. */
  replace(list: RequestedNames, view: ResourceView): void {
    this.shared = list.set(view);
    this.added.clear();
    this.gone.clear();
  }

  add(list: RequestedNames, view: ResourceView): void {
    const names = list.set(view);
    if (names.size >= longList && this.lists.length < mostLists) this.lists.push(list);
    const isWorthwhile = this.shared.size === 0 || names.size >= longList;
    const together = isWorthwhile && this.added.size === 0 && this.gone.size === 0 ? list.joinedTo(this.shared, view) : undefined;
    if (together !== undefined) {
      this.shared = together;
      return;
    }
    for (const name of names) {
      this.gone.delete(name);
      if (!this.shared.has(name)) this.added.add(name);
    }
  }

  /** False where the name was not asked for. */
  remove(name: string): boolean {
    if (this.added.delete(name)) return true;
    if (!this.shared.has(name) || this.gone.has(name)) return false;
    this.gone.add(name);
    return true;
  }
}
