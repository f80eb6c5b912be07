import { describe, expect, it } from 'vitest';
import { durationFromMs, durationToMs, formatDuration, parseDuration, parseDurationMs } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['5s', '5', 0],
    ['0.5s', '0', 500_000_000],
    ['.5s', '0', 500_000_000],
    ['1.s', '1', 0],
    ['100ms', '0', 100_000_000],
    ['1h2m3.5s', '3723', 500_000_000],
    ['1m1ms', '60', 1_000_000],
    ['3µs', '0', 3000],
    ['7ns', '0', 7],
    ['0', '0', 0],
    ['+1s', '1', 0],
    ['-1.5s', '-1', -500_000_000],
    ['2562047h47m16.854775807s', '9223372036', 854_775_807],
  ])('%s', (text, seconds, nanos) => {
    expect(parseDuration(text)).toEqual({ seconds, nanos });
  });

  it.each(['', '5', 's', '.s', '1d', ' 1s', '1s ', '1,5s', '--1s', '1e3s', '2562047h47m16.854775808s', `${'9'.repeat(98)}s`])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );
});

describe('milliseconds', () => {
  it('go both ways', () => {
    expect(parseDurationMs('1h')).toBe(3_600_000);
    expect(parseDurationMs('1.5ms')).toBe(1.5);
    expect(durationFromMs(1500)).toEqual({ seconds: '1', nanos: 500_000_000 });
    expect(durationFromMs(-1500)).toEqual({ seconds: '-1', nanos: -500_000_000 });
    expect(durationFromMs(999.9999999)).toEqual({ seconds: '1', nanos: 0 });
    expect(durationToMs({ seconds: '2', nanos: 5_000_000 })).toBe(2005);
    expect(durationToMs({})).toBe(0);
  });
});

describe('formatDuration', () => {
  it.each([
    ['5s', '5s'],
    ['0.5s', '0.500s'],
    ['1us', '0.000001s'],
    ['1ns', '0.000000001s'],
    ['-0.25s', '-0.250s'],
    ['-1.25s', '-1.250s'],
    ['1m40s', '100s'],
  ])('%s is %s', (text, formatted) => {
    expect(formatDuration(parseDuration(text) ?? {})).toBe(formatted);
  });
});
