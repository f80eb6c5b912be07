import { describe, expect, it } from 'vitest';
import { priorityLoads } from './priorities.ts';

const level = (healthy: number, total: number, degraded = 0) => ({ healthy, degraded, total });
const shares = (...levels: readonly ReturnType<typeof level>[]) =>
  priorityLoads(levels, 1.4, 0).map(({ share }) => Number(share.toFixed(4)));

describe('priorityLoads', () => {
  it('the first priority takes all as long as enough of it is healthy', () => {
    expect(shares(level(8, 10), level(10, 10))).toEqual([1, 0]);
    expect(shares(level(5, 10), level(10, 10))).toEqual([0.7, 0.3]);
    expect(shares(level(0, 10), level(10, 10))).toEqual([0, 1]);
  });
  it('what nobody can bear is shared by what each can', () => expect(shares(level(1, 10), level(1, 10))).toEqual([0.5, 0.5]));
  it('degraded ones come after all healthy ones', () => expect(shares(level(0, 10, 10), level(5, 10))).toEqual([0.3, 0.7]));
  it('nobody is healthy: nobody, or in panic everybody', () => {
    expect(shares(level(0, 2), level(0, 2))).toEqual([0, 0]);
    expect(priorityLoads([level(0, 1), level(0, 3)], 1.4, 0.5)).toEqual([
      { share: 0.25, isPanic: true },
      { share: 0.75, isPanic: true },
    ]);
  });
});
