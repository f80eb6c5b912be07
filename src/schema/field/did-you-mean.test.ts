import { describe, expect, it } from 'vitest';
import { closestOf, editDistance } from './did-you-mean.ts';

describe('closestOf', () => {
  it('finds typos, swaps and case, and nothing far away', () => {
    expect(editDistance('timeuot', 'timeout')).toBe(1);
    expect(closestOf('Timeout', ['route', 'timeout'])).toBe('timeout');
    expect(closestOf('trafficpolcy', ['subsets', 'trafficPolicy'])).toBe('trafficPolicy');
    expect(closestOf('foo', ['bar', 'weight'])).toBeUndefined();
  });
});
