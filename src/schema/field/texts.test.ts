import { describe, expect, it } from 'vitest';
import { closestOf, editDistance } from './did-you-mean.ts';
import { parseDurationText } from './duration-text.ts';

describe('parseDurationText', () => {
  it.each([
    ['5s', 5000],
    ['1h30m', 5_400_000],
    ['0.5s', 500],
    ['.5s', 500],
    ['1.s', 1000],
    ['-5ms', -5],
    ['0', 0],
    ['1ms2us', 1.002],
    ['', undefined],
    ['s', undefined],
    ['5', undefined],
    ['5 s', undefined],
    ['5s ', undefined],
    ['1d', undefined],
    ['9999999999h', undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(parseDurationText(text)).toBe(ms);
  });
});

describe('closestOf', () => {
  it('finds typos, swaps and case, and nothing far away', () => {
    expect(editDistance('timeuot', 'timeout')).toBe(1);
    expect(closestOf('Timeout', ['route', 'timeout'])).toBe('timeout');
    expect(closestOf('trafficpolcy', ['subsets', 'trafficPolicy'])).toBe('trafficPolicy');
    expect(closestOf('foo', ['bar', 'weight'])).toBeUndefined();
  });
});
