import { describe, expect, it } from 'vitest';
import type { Cell } from './cell.ts';
import { Engine } from './engine.ts';

describe('derived', () => {
  it('computes when asked, and not again while nothing changed', () => {
    const engine = new Engine();
    const a = engine.input(1);
    const double = engine.derived((read) => read(a) * 2);
    expect(engine.stats().recomputed).toBe(0);
    expect([double.get(), double.get()]).toEqual([2, 2]);
    expect(engine.stats().recomputed).toBe(1);
    a.set(1);
    expect(engine.revision).toBe(0);
    a.set(4);
    expect(engine.stats().recomputed).toBe(1);
    expect(double.get()).toBe(8);
  });

  it('stops where a value came out equal, also by a given equality', () => {
    const engine = new Engine();
    const a = engine.input(1);
    const parity = engine.derived(
      (read) => ({ odd: read(a) % 2 === 1 }),
      (x, y) => x.odd === y.odd,
    );
    let runs = 0;
    const text = engine.derived((read) => {
      runs++;
      return read(parity).odd ? 'odd' : 'even';
    });
    expect(text.get()).toBe('odd');
    a.set(3);
    expect(text.get()).toBe('odd');
    expect(runs).toBe(1);
    a.set(4);
    expect(text.get()).toBe('even');
    expect(runs).toBe(2);
  });

  it('forgets a source that it no longer reads', () => {
    const engine = new Engine();
    const useA = engine.input(true);
    const a = engine.input(1);
    const b = engine.input(10);
    const chosen = engine.derived((read) => (read(useA) ? read(a) : read(b)));
    let told = 0;
    engine.observe(chosen, () => told++);
    useA.set(false);
    expect([chosen.get(), told]).toEqual([10, 1]);
    a.set(2);
    expect(told).toBe(1);
    b.set(11);
    expect([chosen.get(), told]).toEqual([11, 2]);
  });

  it('throws what the compute threw until a change mends it', () => {
    const engine = new Engine();
    const a = engine.input(0);
    const inverse = engine.derived((read) => {
      if (read(a) === 0) throw new RangeError('no inverse');
      return 1 / read(a);
    });
    const sum = engine.derived((read) => read(inverse) + 1);
    expect(() => sum.get()).toThrow(RangeError);
    expect(() => sum.get()).toThrow('no inverse');
    a.set(2);
    expect(sum.get()).toBe(1.5);
    a.set(0);
    expect(() => sum.get()).toThrow(RangeError);
  });

  it('reports a cycle, and recovers when it is gone', () => {
    const engine = new Engine();
    const closed = engine.input(true);
    const a: Cell<number> = engine.derived((read) => (read(closed) ? read(b) : 1));
    const b: Cell<number> = engine.derived((read) => read(a) + 1);
    expect(() => a.get()).toThrow(/^cycle: derived cell -> derived cell reads a cell that depends on it$/);
    expect(() => b.get()).toThrow(/cycle/);
    closed.set(false);
    expect([b.get(), a.get()]).toEqual([2, 1]);
  });

  it('refuses what would break it: get, set and batch inside a compute, read outside of one', () => {
    const engine = new Engine();
    const a = engine.input(1);
    expect(() => engine.derived(() => a.get()).get()).toThrow('use read');
    expect(() => engine.derived(() => a.set(2)).get()).toThrow('set inside a compute');
    expect(() => engine.derived(() => engine.batch(() => {})).get()).toThrow('batch');
    let escaped: ((cell: Cell<number>) => number) | undefined;
    engine
      .derived((read) => {
        escaped = read;
      })
      .get();
    expect(() => escaped?.(a)).toThrow('inside the compute');
  });
});

describe('batch', () => {
  it('is one revision, told once, and closed by a read', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const sum = engine.derived((read) => [...read(table).values()].reduce((a, b) => a + b, 0));
    let told = 0;
    engine.observe(sum, () => told++);
    engine.batch(() => {
      table.set('a', 1);
      engine.batch(() => table.set('b', 2));
      table.set('c', 3);
      expect(told).toBe(0);
    });
    expect([engine.revision, told, sum.get()]).toEqual([1, 1, 6]);
    engine.batch(() => {
      table.set('a', 2);
      const seen = engine.revision;
      expect(sum.get()).toBe(7);
      table.set('b', 3);
      expect(table.changedSince(seen)).toEqual(new Set(['b']));
    });
    expect(sum.get()).toBe(8);
  });

  it('keeps what was set when it throws', () => {
    const engine = new Engine();
    const a = engine.input(1);
    expect(() =>
      engine.batch(() => {
        a.set(2);
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(a.get()).toBe(2);
  });
});

describe('observe', () => {
  it('asks once until the cell is read, and never for what did not change', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    const even = engine.mapValues(table, (v) => (v % 2 === 0 ? v : undefined));
    let told = 0;
    const stop = engine.observe(even, () => told++);
    let keyTold = 0;
    engine.observe(even.at('b'), () => keyTold++);
    table.set('a', 1);
    expect(told).toBe(0);
    table.set('a', 2);
    table.set('a', 4);
    expect([told, keyTold]).toEqual([1, 0]);
    expect(even.changedSince(1)).toEqual(new Set(['a']));
    table.set('b', 6);
    expect([told, keyTold]).toEqual([2, 1]);
    stop();
    even.get();
    table.set('a', 8);
    expect(told).toBe(2);
  });

  it('lets a callback read and change inputs', () => {
    const engine = new Engine();
    const a = engine.input(0);
    const double = engine.derived((read) => read(a) * 2);
    const seen: number[] = [];
    engine.observe(double, () => {
      seen.push(double.get());
      if (a.get() < 3) a.set(a.get() + 1);
    });
    a.set(1);
    expect(seen).toEqual([2, 4, 6]);
  });
});

describe('family', () => {
  it('shares a cell per key and forgets it with its last reader', () => {
    const engine = new Engine();
    const names = engine.table<string>();
    const made: string[] = [];
    const length = engine.family((key) => {
      made.push(key);
      return key.length;
    });
    const one = engine.mapValues(names, (name, _key, read) => read(length(name)));
    const other = engine.mapValues(names, (name, _key, read) => read(length(name)) + 1);
    const stops = [engine.observe(one, () => {}), engine.observe(other, () => {})];
    names.set('x', 'long');
    names.set('y', 'long');
    expect(made).toEqual(['long']);
    expect(engine.stats().cells).toBe(3);
    names.replace(new Map([['x', 'brief']]));
    expect(made).toEqual(['long', 'brief']);
    expect(engine.stats().cells).toBe(3);
    for (const stop of stops) stop();
    expect(engine.stats()).toMatchObject({ cells: 0, observers: 0 });
  });

  it('forgets what is read only from outside, unless it is read in every revision', () => {
    const engine = new Engine();
    const tick = engine.input(0);
    let runs = 0;
    const polled = engine.family((key) => {
      runs++;
      return key.length;
    });
    for (let i = 1; i < 6; i++) {
      expect(polled('abc').get()).toBe(3);
      tick.set(i);
    }
    expect(runs).toBe(1);
    for (let i = 10; i < 13; i++) {
      tick.set(i);
      tick.get();
    }
    expect(engine.stats().cells).toBe(0);
    expect(polled('abc').get()).toBe(3);
    expect(runs).toBe(2);
  });

  it('shares maps too', () => {
    const engine = new Engine();
    const table = engine.table<number>();
    let made = 0;
    const scaled = engine.mapFamily((key) => {
      made++;
      return engine.mapValues(table, (v) => v * Number(key));
    });
    table.set('a', 2);
    const stop = engine.observe(scaled('3'), () => {});
    expect(scaled('3').get()).toEqual(new Map([['a', 6]]));
    expect(made).toBe(1);
    stop();
    expect(engine.stats().cells).toBe(0);
    const held = scaled('3');
    expect(held.at('a').get()).toBe(6);
    expect(made).toBe(2);
    for (let i = 0; i < 3; i++) {
      table.set('b', i);
      table.get();
    }
    expect(engine.stats().cells).toBe(0);
    expect(held.at('a').get()).toBe(6);
    expect(scaled('3')).toBe(held);
  });
});
