import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { StreamLimiter } from './stream-limiter.ts';

it('gives turns at the rate, and none that would be more than a second away', () => {
  const clock = new FakeClock();
  const limiter = new StreamLimiter({ clock, perSecond: 4 });
  expect([1, 2, 3, 4, 5, 6, 7].map(() => limiter.reserve())).toEqual([0, 250, 500, 750, 1000, undefined, undefined]);
  clock.advance(600);
  expect(limiter.reserve()).toBe(650);
});

it('does not save up turns while nobody comes', () => {
  const clock = new FakeClock();
  const limiter = new StreamLimiter({ clock, perSecond: 4 });
  clock.advance(60_000);
  expect([limiter.reserve(), limiter.reserve()]).toEqual([0, 250]);
});
