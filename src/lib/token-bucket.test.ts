import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { TokenBucket } from './token-bucket.ts';

const never = new AbortController().signal;

test('so many at once, then so many in a second', async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket(clock, 2, 3);
  let taken = 0;
  for (let i = 0; i < 6; i++) void bucket.take(never).then(() => taken++);
  const after = async (ms: number) => {
    await clock.advanceAsync(ms);
    return taken;
  };
  expect(await after(0)).toBe(3);
  expect(await after(499)).toBe(3);
  expect(await after(1)).toBe(4);
  expect(await after(1000)).toBe(6);
});

test('who waits goes on when the signal aborts', async () => {
  const bucket = new TokenBucket(new FakeClock(), 1);
  const end = new AbortController();
  await bucket.take(end.signal);
  const waiting = bucket.take(end.signal);
  end.abort();
  await waiting;
});
