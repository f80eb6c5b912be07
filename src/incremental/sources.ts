import type { Node } from './node.ts';
import type { Reader } from './reader.ts';

const SHORT = 16;

/** What one compute has read, in the order of first reading; long lists get a set to be searched by. */
export class Sources {
  private list: Node<unknown>[] = [];
  private set: Set<Node<unknown>> | undefined;

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  has(source: Node<unknown>): boolean {
    return this.set ? this.set.has(source) : this.list.includes(source);
  }

  add(source: Node<unknown>): boolean {
    if (this.has(source)) return false;
    this.list.push(source);
    if (this.set) this.set.add(source);
    else if (this.list.length > SHORT) this.set = new Set(this.list);
    return true;
  }

  /** Starts a new list and hands out the old one. */
  take(): Sources {
    const before = new Sources();
    before.list = this.list;
    before.set = this.set;
    this.list = [];
    this.set = undefined;
    return before;
  }

  /** Lets go of the sources that are not in `kept`. */
  unlink(reader: Reader, kept?: Sources): void {
    for (const source of this.list) if (!kept?.has(source)) source.unlink(reader);
  }

  highest(): number {
    let level = -1;
    for (const source of this.list) if (source.level > level) level = source.level;
    return level;
  }

  /** Refreshes one after the other until `changed` says that one of them was different: what follows may hang on it.
   * A busy source is a cycle, left to the compute to run into. */
  refreshUntil(changed: () => boolean): boolean {
    for (const source of this.list) {
      if (source.busy) return true;
      source.refresh();
      if (changed()) return true;
    }
    return false;
  }
}
