import { type Clock, systemClock } from '../../src/lib/clock.ts';

/** A clock on which a second passes in a fraction of one: for rules about seconds. */
export function fasterClock(times: number): Clock {
  return {
    now: () => systemClock.now() * times,
    setTimeout: (callback, delayMs, options) => systemClock.setTimeout(callback, delayMs / times, options),
  };
}
