import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { PushQueue } from './push-queue.ts';

it('pushes each stream once, and gives the event loop a turn when a round takes long', () => {
  const clock = new FakeClock();
  const deferred: (() => void)[] = [];
  const queue = new PushQueue({ clock, defer: (callback) => deferred.push(callback), afterMs: 10, maxMs: 100 });
  const pushed: string[] = [];
  const stream = (name: string) => ({
    push: () => {
      pushed.push(name);
      clock.advance(5);
    },
  });
  const [a, b, c, gone] = [stream('a'), stream('b'), stream('c'), stream('gone')];
  for (const each of [a, b, c, a, gone]) queue.add(each);
  queue.delete(gone);
  deferred.shift()?.();
  expect(pushed).toEqual(['a', 'b']);
  expect(queue.isIdle).toBe(false);
  deferred.shift()?.();
  expect(pushed).toEqual(['a', 'b', 'c']);
  expect(queue.isIdle).toBe(true);
});
