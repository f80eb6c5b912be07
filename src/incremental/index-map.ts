import { DerivedMap } from './derived-map.ts';
import type { Group } from './group.ts';
import { Journal } from './journal.ts';
import type { MapNode } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { inOrder } from './sorted-copy.ts';

/** The groups of a map's entries, as a map; `M` is the shape in which the members of a group are handed out. */
export class IndexMap<A, M> extends DerivedMap<M> {
  readonly label = 'index';
  private readonly source: MapNode<A>;
  private readonly groupsOf: (value: A, key: string) => Iterable<string>;
  private readonly makeGroup: () => Group<A, M>;
  private readonly groups = new Map<string, Group<A, M>>();
  private readonly namesByKey = new Map<string, ReadonlySet<string>>();
  private readonly dirty = new Set<string>();
  private readonly journal = new Journal(0);
  /** Groups changed in this settling, with what they were. */
  private readonly before = new Map<string, M | undefined>();

  constructor(runtime: Runtime, source: MapNode<A>, groupsOf: (value: A, key: string) => Iterable<string>, makeGroup: () => Group<A, M>) {
    super(runtime, [source]);
    this.makeGroup = makeGroup;
    this.source = source;
    this.groupsOf = groupsOf;
  }

  peek(name: string): M | undefined {
    return this.groups.get(name)?.share();
  }

  *entries(): Iterable<readonly [string, M]> {
    for (const [name, group] of this.groups) yield [name, group.share()];
  }

  sortedKeys(): readonly string[] {
    return inOrder([...this.groups.keys()]);
  }

  override sourceChanged(key: string): void {
    this.dirty.add(key);
    this.enqueue();
  }

  protected journalSince(revision: number): ReadonlySet<string> | undefined {
    return this.journal.since(revision);
  }

  protected override build(): void {
    this.journal.reset(this.runtime.revision);
    for (const [key, value] of this.source.entries()) this.file(key, value);
    this.before.clear();
  }

  protected override process(): void {
    for (const key of this.dirty) this.file(key, this.source.peek(key));
    this.dirty.clear();
    for (const [name, old] of this.before) {
      if (old === undefined && !this.groups.has(name)) continue;
      this.journal.note(name, this.runtime.revision, this.groups.size);
      this.announce(name, old);
    }
    this.before.clear();
  }

  protected override clear(): void {
    this.groups.clear();
    this.namesByKey.clear();
    this.dirty.clear();
    this.journal.reset(this.runtime.revision);
  }

  private file(key: string, value: A | undefined): void {
    const before = this.namesByKey.get(key);
    const names = value === undefined ? undefined : this.namesFor(value, key);
    if (value !== undefined && !names) return;
    if (before) for (const name of before) if (!names?.has(name)) this.remove(name, key);
    if (names && value !== undefined) for (const name of names) this.add(name, key, value);
    if (names && names.size > 0) this.namesByKey.set(key, names);
    else this.namesByKey.delete(key);
  }

  /** undefined when the function threw: the key stays where it was. */
  private namesFor(value: A, key: string): ReadonlySet<string> | undefined {
    try {
      return new Set(this.groupsOf(value, key));
    } catch (error) {
      this.runtime.report(error, key);
      return undefined;
    }
  }

  private add(name: string, key: string, value: A): void {
    let group = this.groups.get(name);
    this.remember(name, group);
    if (!group) {
      group = this.makeGroup();
      this.groups.set(name, group);
    }
    group.set(key, value);
  }

  private remove(name: string, key: string): void {
    const group = this.groups.get(name);
    if (!group) return;
    this.remember(name, group);
    group.delete(key);
    if (group.size === 0) this.groups.delete(name);
  }

  private remember(name: string, group: Group<A, M> | undefined): void {
    if (!this.before.has(name)) this.before.set(name, group?.lastShared());
  }
}
