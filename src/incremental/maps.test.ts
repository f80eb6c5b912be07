import { describe, expect, it } from 'vitest';
import type { MapCell, Table } from './cell.ts';
import { Engine } from './engine.ts';

const numbers = (count: number): Map<string, number> => new Map(Array.from({ length: count }, (_, i) => [`k${i}`, i]));

describe('mapValues', () => {
  it('does nothing while nobody reads it, and then only what changed', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const double = engine.mapValues(table, (v) => v * 2);
    table.replace(numbers(1000));
    expect(engine.stats()).toMatchObject({ recomputed: 0, cells: 0 });
    engine.observe(double, () => {});
    expect(engine.stats().recomputed).toBe(1000);
    table.set('k5', 7);
    table.set('new', 1);
    table.delete('k6');
    expect(engine.stats().recomputed).toBe(1002);
    expect([double.at('k5').get(), double.at('new').get(), double.at('k6').get()]).toEqual([14, 2, undefined]);
  });

  it('recomputes just the keys whose reads changed', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const extra = engine.table<number>();
    const sum = engine.mapValues(table, (v, key, read) => v + (read(extra.at(key)) ?? 0));
    table.replace(numbers(100));
    engine.observe(sum, () => {});
    const before = engine.stats().recomputed;
    extra.set('k3', 100);
    expect(engine.stats().recomputed).toBe(before + 1);
    expect(sum.changedSince(engine.revision - 1)).toEqual(new Set(['k3']));
  });

  it('lists keys in ascending order whatever the order of arrival, in copies that stay as they were', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    for (const key of ['b', 'é', 'B', 'a']) table.set(key, 1);
    const before = table.get();
    table.delete('b');
    expect([...before.keys()]).toEqual(['B', 'a', 'b', 'é']);
    expect([...table.get().keys()]).toEqual(['B', 'a', 'é']);
  });

  it('keeps the last good value of a key that throws, and tells afterwards', () => {
    const errors: [unknown, string][] = [];
    const engine = new Engine({ onError: (error, key) => errors.push([error, key]) });
    const table = engine.table<number>();
    const broken = new Error('odd one out');
    const map = engine.mapValues(table, (v) => {
      if (v === 13) throw broken;
      return v;
    });
    engine.observe(map, () => {});
    table.replace(
      new Map([
        ['a', 1],
        ['b', 2],
        ['new', 13],
      ]),
    );
    engine.batch(() => {
      table.set('a', 13);
      table.set('b', 3);
    });
    expect(map.get()).toEqual(
      new Map([
        ['a', 1],
        ['b', 3],
      ]),
    );
    expect(errors).toEqual([
      [broken, 'new'],
      [broken, 'a'],
    ]);
    table.set('a', 4);
    expect(map.at('a').get()).toBe(4);
  });

  it('throws to whoever changed the input when nobody asked for errors, and stays usable', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const map = engine.mapValues(table, (v) => {
      if (v === 13) throw new Error('odd one out');
      return v;
    });
    engine.observe(map, () => {});
    expect(() =>
      engine.batch(() =>
        table.replace(
          new Map([
            ['a', 13],
            ['b', 2],
          ]),
        ),
      ),
    ).toThrow('odd one out');
    expect(map.get()).toEqual(new Map([['b', 2]]));
  });

  it('rises above what it comes to read, without seeing a mixture', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const deep = [0, 0, 0].reduce((map) => engine.mapValues(map, (v) => v), table as ReturnType<typeof engine.mapValues<number, number>>);
    const seen: string[] = [];
    const flat = engine.mapValues(table, (v, key, read) => {
      if (v < 10) return v;
      const below = read(deep.at(key));
      seen.push(`${v}=${below}`);
      return below;
    });
    engine.observe(flat, () => {});
    engine.observe(deep, () => {});
    table.set('a', 1);
    table.set('a', 11);
    table.set('a', 12);
    expect(seen).toEqual(['11=11', '12=12']);
    expect(flat.at('a').get()).toBe(12);
  });

  it('is not deceived by a compute that catches everything', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const deep = engine.mapValues(
      engine.mapValues(table, (v) => v),
      (v) => v,
    );
    const careful = engine.derived((read) => {
      try {
        return read(deep.at('a'));
      } catch {
        return -1;
      }
    });
    const flat = engine.mapValues(table, (v, _key, read) => {
      try {
        return v < 10 ? v : [read(careful), read(deep.at('a'))].join();
      } catch {
        return 'caught';
      }
    });
    engine.observe(flat, () => {});
    engine.observe(deep, () => {});
    table.set('a', 1);
    table.set('a', 11);
    expect(flat.at('a').get()).toBe('11,11');
  });

  it('does not keep what a key saw of its own half-built map', () => {
    const engine = new Engine({ onError: () => {} });
    const table = engine.table<number>();
    table.replace(numbers(3));
    const map = engine.mapValues(table, (v, _key, read): number => (v === 1 ? read(size) : v));
    const size = engine.derived((read) => read(map).size);
    engine.observe(map, () => {});
    expect([...map.get().keys()]).toEqual(['k0', 'k2']);
  });

  it('reports a cycle through maps', () => {
    const errors: string[] = [];
    const engine = new Engine({ onError: (error) => errors.push(String(error)) });
    const table = engine.table<number>();
    const a = engine.mapValues(table, (v, key, read): number => v + (v > 1 ? (read(b.at(key)) ?? 0) : 0));
    const b = engine.mapValues(a, (v) => v);
    engine.observe(b, () => {});
    table.set('x', 1);
    expect(errors).toEqual([]);
    table.set('x', 2);
    expect(errors).toEqual(['CycleError: cycle: mapValues "x" reads a cell that depends on it']);
    table.set('x', 1);
    expect(b.at('x').get()).toBe(1);
  });
});

describe('flatMap', () => {
  it('gives an output key to the smallest source key, then to the next', () => {
    const engine = new Engine();
    const table = engine.table<string>();
    const hosts = engine.flatMap(table, (owner, key) => [[owner, key] as const, ['all', key] as const]);
    let told = 0;
    engine.observe(hosts.at('all'), () => told++);
    for (const key of ['c', 'b', 'd', 'a']) table.set(key, 'h');
    expect(hosts.get()).toEqual(
      new Map([
        ['all', 'a'],
        ['h', 'a'],
      ]),
    );
    hosts.at('all').get();
    told = 0;
    table.delete('c');
    expect(told).toBe(0);
    table.delete('a');
    expect([told, hosts.at('all').get()]).toEqual([1, 'b']);
    engine.batch(() => {
      table.delete('b');
      table.delete('d');
    });
    expect(hosts.get().size).toBe(0);
  });
});

describe('index', () => {
  it('touches only the readers of the group that changed', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const { group, groups } = engine.index(table, (v) => [v % 2 === 0 ? 'even' : 'odd']);
    const told: string[] = [];
    for (const name of ['even', 'odd', 'none']) engine.observe(group(name), () => told.push(name));
    table.set('b', 2);
    table.set('a', 4);
    expect(told).toEqual(['even']);
    const before = group('even').get();
    expect([...before]).toEqual([
      ['a', 4],
      ['b', 2],
    ]);
    expect(group('none').get().size).toBe(0);
    table.set('a', 5);
    expect(told).toEqual(['even', 'even', 'odd']);
    expect([...before.keys()]).toEqual(['a', 'b']);
    expect(groups.get()).toEqual(
      new Map([
        ['even', new Map([['b', 2]])],
        ['odd', new Map([['a', 5]])],
      ]),
    );
    table.delete('a');
    expect(groups.get().has('odd')).toBe(false);
  });
});

describe('overlay', () => {
  it('lets the first layer win and null hide, and tells only visible changes', () => {
    const engine = new Engine();
    const base = engine.table<number>();
    const top = engine.table<number | null>();
    const view = engine.overlay<number>([top, base]);
    base.replace(numbers(4));
    top.replace(
      new Map([
        ['k0', 100],
        ['k1', null],
      ]),
    );
    let told = 0;
    engine.observe(view, () => told++);
    expect([...view.get()]).toEqual([
      ['k0', 100],
      ['k2', 2],
      ['k3', 3],
    ]);
    const revision = engine.revision;
    base.set('k0', 7);
    base.delete('k1');
    expect([told, view.changedSince(revision)?.size, view.changedAt()]).toEqual([0, 0, 2]);
    top.delete('k0');
    expect([told, view.at('k0').get()]).toEqual([1, 7]);
    expect(view.changedSince(revision)).toEqual(new Set(['k0']));
  });
});

describe('mapFrom', () => {
  it('is one computation with a delta, and can be made inside a compute', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const fixed = engine.constantMap(
      new Map([
        ['y', 2],
        ['x', 1],
      ]),
    );
    const best = engine.mapFamily((name) =>
      engine.mapFrom((read) => [[name, Math.max(0, ...read(table).values())] as const, ...read(fixed)]),
    );
    const chosen = engine.derived((read) => read(best('n').at('n')));
    engine.observe(chosen, () => {});
    engine.observe(best('n'), () => {});
    table.set('a', 3);
    expect([...best('n').get()]).toEqual([
      ['n', 3],
      ['x', 1],
      ['y', 2],
    ]);
    expect(chosen.get()).toBe(3);
    table.set('b', 2);
    expect(best('n').changedSince(1)).toEqual(new Set());
    expect(fixed.changedSince(0)).toEqual(new Set());
  });
});

describe('union', () => {
  it('merges what the layers have, in layer order', () => {
    const engine = new Engine();
    const [a, b] = [engine.table<string>(), engine.table<string>()];
    const both = engine.union([a, b], (values, key) => `${key}:${values.join('+')}`);
    b.set('x', 'b');
    engine.observe(both, () => {});
    a.set('x', 'a');
    expect(both.get()).toEqual(new Map([['x', 'x:a+b']]));
    b.delete('x');
    a.delete('x');
    expect(both.get().size).toBe(0);
  });
});

describe('unionOf', () => {
  const rules = {
    mapOf: (layer: { readonly map: Table<number>; readonly rank: number }) => layer.map,
    compare: (a: { readonly rank: number }, b: { readonly rank: number }) => a.rank - b.rank,
    merge: (parts: readonly { readonly value: number }[]) => parts.map(({ value }) => value).join('+'),
  };

  it('merges again what a layer has or had, and nothing else', () => {
    const engine = new Engine();
    const layers = engine.table<{ map: Table<number>; rank: number }>();
    const [big, small] = [engine.table<number>(), engine.table<number>()];
    big.replace(numbers(1000));
    small.set('k1', 10);
    let merged = 0;
    const merge = (parts: readonly { readonly value: number }[]): string => {
      merged++;
      return rules.merge(parts);
    };
    const union = engine.unionOf(layers, { ...rules, merge });
    layers.set('big', { map: big, rank: 1 });
    engine.observe(union, () => {});
    const changed = (change: () => void): unknown => {
      const [before, revision] = [merged, engine.revision];
      change();
      return [union.lookup('k1'), merged - before, [...(union.changedSince(revision) ?? [])]];
    };
    expect(changed(() => layers.set('small', { map: small, rank: 0 }))).toEqual(['10+1', 1, ['k1']]);
    expect(changed(() => layers.set('small', { map: small, rank: 2 }))).toEqual(['1+10', 1, ['k1']]);
    expect(changed(() => small.set('new', 5))).toEqual(['1+10', 1, ['new']]);
    expect(changed(() => layers.delete('small'))).toEqual(['1', 1, ['k1', 'new']]);
    expect(changed(() => small.set('k2', 5))).toEqual(['1', 0, []]);
  });

  it('holds on to its layers only while it is read', () => {
    const engine = new Engine();
    const layers = engine.table<{ map: MapCell<number>; rank: number }>();
    const table = engine.table<number>();
    layers.set('a', { map: engine.mapValues(table, (v) => v), rank: 0 });
    const union = engine.unionOf(layers, { ...rules, mapOf: ({ map }) => map });
    const stop = engine.observe(union, () => {});
    expect(engine.stats().cells).toBe(2);
    stop();
    expect(engine.stats().cells).toBe(0);
  });

  it('tells of a layer that cannot be read, and goes on without it', () => {
    const errors: string[] = [];
    const engine = new Engine({ onError: (_, key) => errors.push(key) });
    const layers = engine.table<{ map: Table<number>; rank: number }>();
    const table = engine.table<number>();
    table.set('a', 1);
    const mapOf = (layer: { readonly map: Table<number>; readonly rank: number }): Table<number> => {
      if (layer.rank < 0) throw new Error('a broken layer');
      return layer.map;
    };
    const union = engine.unionOf(layers, { ...rules, mapOf });
    engine.observe(union, () => {});
    layers.set('bad', { map: table, rank: -1 });
    layers.set('good', { map: table, rank: 1 });
    expect([errors, union.lookup('a')]).toEqual([['bad'], '1']);
  });
});

describe('changedSince', () => {
  it('tells each key once, and nothing it cannot know', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    table.set('a', 1);
    table.set('b', 1);
    table.set('a', 2);
    expect(table.changedSince(0)).toEqual(new Set(['a', 'b']));
    expect(table.changedSince(2)).toEqual(new Set(['a']));
    expect(table.changedSince(3)).toEqual(new Set());
    const map = engine.mapValues(table, (v) => v);
    expect(map.changedSince(2)).toBeUndefined();
    expect(map.changedSince(3)).toEqual(new Set());
  });

  it('is bounded: a floor rises under many changes', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    for (let i = 1; i <= 5000; i++) table.set(`k${i % 3}`, i);
    expect(table.changedSince(0)).toBeUndefined();
    expect(table.changedSince(4999)).toEqual(new Set(['k2']));
    expect(table.changedSince(4500)).toEqual(new Set(['k0', 'k1', 'k2']));
  });
});
