import { describe, expect, it } from 'vitest';
import { type Sample, summarize } from './traffic-window.ts';

const sample = (at: number, over: Partial<Sample> = {}): Sample => ({ at, ms: 5, isOk: true, version: 'v1', ...over });

describe('summarize', () => {
  it('counts what lies in the window', () => {
    const samples = [sample(1000), sample(1001), sample(2000, { version: 'v2' }), sample(2001)];
    const { count, requestsPerSecond, versions } = summarize(samples, 1000, 2000, ['v1', 'v2']);
    expect([count, requestsPerSecond]).toEqual([2, 2]);
    expect(versions).toEqual([
      { version: 'v1', count: 1, share: 0.5 },
      { version: 'v2', count: 1, share: 0.5 },
    ]);
  });

  it('takes percentiles of what succeeded by the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, i) => sample(1, { ms: 100 - i }));
    const { p50Ms, p99Ms, successShare } = summarize([...samples, sample(1, { ms: 9999, isOk: false, version: '' })], 0, 1, ['v1']);
    expect([p50Ms, p99Ms]).toEqual([50, 99]);
    expect(successShare).toBeCloseTo(100 / 101);
  });

  it('says nothing about a window without requests', () => {
    const empty = { count: 0, requestsPerSecond: 0, successShare: 1, versions: [{ version: 'v1', count: 0, share: 0 }] };
    expect(summarize([], 0, 1000, ['v1'])).toEqual({ ...empty, p50Ms: undefined, p99Ms: undefined });
  });
});
