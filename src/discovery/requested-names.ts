import { crc32 } from 'node:zlib';
import { filterNames, type NameList, nameList } from './name-list.ts';
import type { ResourceView } from './resource-source.ts';

/** The same names in texts that are held anyway. */
interface Texts {
  readonly set: ReadonlySet<string>;
  readonly list: NameList;
}

/** A list of names in a request. One object stands for all requests, of all streams, that hold the same bytes. */
export class RequestedNames {
  readonly isEmpty: boolean;
  /** Holds the name `*`. */
  readonly hasWildcard: boolean;
  private names: readonly string[];
  private texts: Texts | undefined;
  private readonly newSince = new WeakMap<RequestedNames, NameList>();
  private readonly joined = new WeakMap<ReadonlySet<string>, ReadonlySet<string> | 'once'>();

  constructor(names: readonly string[]) {
    this.isEmpty = names.length === 0;
    this.hasWildcard = names.includes('*');
    this.names = this.hasWildcard ? names.filter((name) => name !== '*') : names;
  }

  /** Without `*`. Texts of the view are taken where it has them: those of requests would be copies of them. */
  set(view: ResourceView): ReadonlySet<string> {
    return this.in(view).set;
  }

  /** As `set`, in order. */
  list(view: ResourceView): NameList {
    return this.in(view).list;
  }

  /** The names that an earlier list lacks: one object for all streams that go from that list to this one. */
  notIn(earlier: RequestedNames, view: ResourceView): NameList {
    let added = this.newSince.get(earlier);
    if (!added) {
      const before = earlier.set(view);
      added = filterNames(this.list(view), (name) => !before.has(name));
      this.newSince.set(earlier, added);
    }
    return added;
  }

  /**
   * These names and those of an earlier set: one set for all streams that come from there. Undefined for the first of them, which may
   * be the only one.
   */
  joinedTo(earlier: ReadonlySet<string>, view: ResourceView): ReadonlySet<string> | undefined {
    if (earlier.size === 0) return this.set(view);
    const known = this.joined.get(earlier);
    if (known !== undefined && known !== 'once') return known;
    const together = known === 'once' ? new Set([...earlier, ...this.set(view)]) : undefined;
    this.joined.set(earlier, together ?? 'once');
    return together;
  }

  private in(view: ResourceView): Texts {
    if (!this.texts) {
      const list = nameList(this.names.map((name) => view.get(name)?.name ?? name));
      this.texts = { list, set: new Set(list.names) };
      this.names = list.names;
    }
    return this.texts;
  }
}

interface Known {
  readonly bytes: Buffer;
  readonly names: RequestedNames;
}

/**
 * Finds the list that some bytes stand for. Clients of state of the world repeat all names with every acknowledgement, and
 * clients that are alike send the same lists: what was read before is neither decoded nor compared name by name. A list
 * is kept as long as somebody holds it.
 */
export class RequestedNamesReader {
  private readonly decode: (bytes: Buffer) => readonly string[];
  private readonly known = new Map<number, WeakRef<Known>>();
  private readonly holders = new WeakMap<RequestedNames, Known>();
  private readonly forgotten = new FinalizationRegistry<number>((key) => {
    if (this.known.get(key)?.deref() === undefined) this.known.delete(key);
  });

  constructor(decode: (bytes: Buffer) => readonly string[]) {
    this.decode = decode;
  }

  read(bytes: Buffer): RequestedNames {
    const key = crc32(bytes);
    const found = this.known.get(key)?.deref();
    if (found?.bytes.equals(bytes)) return found.names;
    const names = new RequestedNames(this.decode(bytes));
    const entry: Known = { bytes: Buffer.from(bytes), names };
    // the entry lives as long as its names do
    this.holders.set(names, entry);
    this.known.set(key, new WeakRef(entry));
    this.forgotten.register(entry, key);
    return names;
  }
}
