import { expect, it } from 'vitest';
import { FakeClock } from './fake-clock.ts';

it('fires timers in the order of their times, each at its own time', () => {
  const clock = new FakeClock(1000);
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name}@${clock.now()}`);
  clock.setTimeout(note('late'), 30);
  clock.setTimeout(() => {
    note('early')();
    clock.setTimeout(note('nested'), 5);
  }, 10);
  const cancel = clock.setTimeout(note('cancelled'), 20);
  cancel();
  clock.advance(29);
  expect(seen).toEqual(['early@1010', 'nested@1015']);
  clock.advance(1);
  expect(seen.at(-1)).toBe('late@1030');
  expect(clock.pending).toBe(0);
});
