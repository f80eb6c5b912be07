import { describe, expect, test } from 'vitest';
import { instanceDiff, MassDeletionGuard, withoutRemovals } from './mass-deletion-guard.ts';

const apply = { verdict: 'apply', relistInMs: 0 };

describe('a mass deletion', () => {
  test('is more than half and more than ten instances', () => {
    const guard = new MassDeletionGuard();
    expect(guard.judge({ known: 10, removed: 10 }, 0)).toEqual(apply);
    expect(guard.judge({ known: 100, removed: 50 }, 0)).toEqual(apply);
    expect(guard.judge({ known: 20, removed: 11 }, 0)).toMatchObject({ verdict: 'hold' });
  });

  test('is believed when a list from after the hold still says so', () => {
    const guard = new MassDeletionGuard();
    const diff = { known: 100, removed: 100 };
    expect(guard.judge(diff, 1000)).toEqual({ verdict: 'hold', relistInMs: 5000 });
    expect(guard.judge(diff, 5999)).toEqual({ verdict: 'hold', relistInMs: 1 });
    expect(guard.isHolding).toBe(true);
    expect(guard.judge(diff, 6000)).toEqual(apply);
    expect(guard.isHolding).toBe(false);
    expect(guard.judge(diff, 6001), 'the next one is held anew').toMatchObject({ verdict: 'hold', relistInMs: 5000 });
  });

  test('is forgotten when the instances are back', () => {
    const guard = new MassDeletionGuard({ holdMs: 100 });
    expect(guard.judge({ known: 100, removed: 100 }, 0)).toMatchObject({ verdict: 'hold' });
    expect(guard.judge({ known: 100, removed: 1 }, 50)).toEqual(apply);
    expect(guard.judge({ known: 99, removed: 99 }, 110)).toMatchObject({ verdict: 'hold', relistInMs: 100 });
  });

  test('limits can be set', () => {
    const guard = new MassDeletionGuard({ instances: 0, share: 0 });
    expect(guard.judge({ known: 1000, removed: 1 }, 0)).toMatchObject({ verdict: 'hold' });
  });
});

describe('views by service', () => {
  const view = (entries: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(entries));
  const known = view({ a: ['1', '2'], b: ['3'], c: [] });
  const same = (instance: string): string => instance;

  test('count what goes, wherever it was', () => {
    expect(instanceDiff(known, view({ a: ['2', '4'], c: ['3'] }), same)).toEqual({ known: 3, removed: 2 });
  });

  test('take additions while removals are held', () => {
    const next = view({ a: ['2', '4'], d: ['5'] });
    expect(withoutRemovals(known, next, same)).toEqual(view({ a: ['2', '4', '1'], b: ['3'], c: [], d: ['5'] }));
    expect(withoutRemovals(known, known, same)).toEqual(known);
  });
});
