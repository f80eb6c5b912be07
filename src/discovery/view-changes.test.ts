import { describe, expect, it } from 'vitest';
import type { EncodedResource, ResourceView } from './resource-source.ts';
import { ViewChanges } from './view-changes.ts';

class TestView implements ResourceView {
  readonly key = 'test';
  readonly entries = new Map<string, EncodedResource>();
  private readonly journal: [number, string][] = [];
  private at = 0;

  set(name: string, version: string | undefined): this {
    if (version === undefined) this.entries.delete(name);
    else this.entries.set(name, { name, version, any: Buffer.alloc(0) });
    this.journal.push([++this.at, name]);
    return this;
  }
  revision = () => this.at;
  get = (name: string) => this.entries.get(name);
  all = () => this.entries;
  absent = () => undefined;
  changedSince(revision: number): ReadonlySet<string> | undefined {
    return revision < 0 ? undefined : new Set(this.journal.filter(([at]) => at > revision).map(([, name]) => name));
  }
}

const plain = (change: ReturnType<ViewChanges['since']>) => change && { changed: change.changed.names, removed: change.removed.names };

describe('ViewChanges', () => {
  it('splits what happened since a revision into changed and removed', () => {
    const view = new TestView().set('a', '1').set('b', '1');
    const revision = view.revision();
    view.set('c', '1').set('b', undefined).set('a', '2').set('d', '1').set('d', undefined);
    expect(plain(new ViewChanges().since(view, revision))).toEqual({ changed: ['a', 'c'], removed: ['b', 'd'] });
  });

  it('works the same difference out once, and again after a change', () => {
    const changes = new ViewChanges();
    const view = new TestView().set('a', '1');
    const first = changes.since(view, 0);
    expect(changes.since(view, 0)).toBe(first);
    expect(changes.names(view)).toBe(changes.names(view));
    view.set('b', '1');
    expect(plain(changes.since(view, 0))).toEqual({ changed: ['a', 'b'], removed: [] });
    expect(changes.names(view).names).toEqual(['a', 'b']);
  });

  it('gives each view a list of its own, also an empty one', () => {
    const changes = new ViewChanges();
    expect(changes.names(new TestView())).not.toBe(changes.names(new TestView()));
  });

  it('cannot tell beyond the journal', () => {
    expect(new ViewChanges().since(new TestView(), -1)).toBeUndefined();
    expect(new ViewChanges().between(new TestView(), -1, new TestView())).toBeUndefined();
  });

  it('compares two views by the versions of their resources', () => {
    const old = new TestView().set('same', '1').set('other', '1').set('gone', '1');
    const view = new TestView().set('same', '1').set('other', '2').set('new', '1');
    expect(plain(new ViewChanges().between(old, old.revision(), view))).toEqual({ changed: ['new', 'other'], removed: ['gone'] });
  });

  it('counts what the old view went through since, even where it ended up like the new one', () => {
    const old = new TestView().set('a', '1').set('b', '1');
    const sent = old.revision();
    old.set('a', '2').set('b', undefined);
    expect(plain(new ViewChanges().between(old, sent, new TestView().set('a', '2')))).toEqual({ changed: ['a'], removed: ['b'] });
  });
});
