import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { ChangeWave } from './change-wave.ts';
import { PushQueue } from './push-queue.ts';

const begin = (_: string, sinceMs: number) => new ChangeWave(sinceMs, () => {});

it('pushes each stream once, and gives the event loop a turn when a round takes long', () => {
  const clock = new FakeClock();
  const deferred: (() => void)[] = [];
  const queue = new PushQueue({ clock, defer: (callback) => deferred.push(callback), afterMs: 10, maxMs: 100, begin });
  const pushed: string[] = [];
  const stream = (name: string) => ({
    isNewcomer: false,
    push: () => {
      pushed.push(name);
      clock.advance(15);
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

function lanes() {
  const clock = new FakeClock();
  const deferred: (() => void)[] = [];
  const queue = new PushQueue({ clock, defer: (callback) => deferred.push(callback), afterMs: 10, maxMs: 1_000, begin });
  const pushed: string[] = [];
  const endTurn = () => {
    for (const callback of deferred.splice(0)) callback();
  };
  const stream = (name: string, tookMs = 0, isNewcomer = false) => ({
    isNewcomer,
    push: (scope: string) => {
      pushed.push(`${name} ${scope}`);
      clock.advance(tookMs);
    },
  });
  return { clock, queue, pushed, stream, endTurn };
}

it('does not let what overtakes wait for a storm of other changes', () => {
  const { clock, queue, pushed, stream, endTurn } = lanes();
  const a = stream('a');
  queue.add(a);
  endTurn();
  clock.advance(5);
  queue.add(a);
  endTurn();
  expect(pushed).toEqual(['a all']);
  queue.add(a, 'overtaking');
  endTurn();
  expect(pushed).toEqual(['a all', 'a overtaking']);
  clock.advance(10);
  expect(pushed).toEqual(['a all', 'a overtaking', 'a all']);
});

it('pushes a stream once where one change is of both kinds', () => {
  const { clock, queue, pushed, stream, endTurn } = lanes();
  const [a, b] = [stream('a'), stream('b')];
  queue.add(a, 'overtaking');
  queue.add(b, 'overtaking');
  queue.add(a);
  endTurn();
  clock.advance(1_000);
  expect(pushed).toEqual(['b overtaking', 'a all']);
  expect(queue.isIdle).toBe(true);
});

it('coalesces a storm of what overtakes, and rests as long as a push took', () => {
  const { clock, queue, pushed, stream, endTurn } = lanes();
  const slow = stream('slow', 60);
  queue.add(slow, 'overtaking');
  endTurn();
  queue.add(slow, 'overtaking');
  clock.advance(59);
  expect(pushed).toHaveLength(1);
  clock.advance(1);
  expect(pushed).toHaveLength(2);
});

it('pushes to newcomers after those that were there, and lets no change wait for them', () => {
  const { clock, queue, pushed, stream, endTurn } = lanes();
  const [a, b] = [stream('a'), stream('b')];
  const crowd = ['x', 'y', 'z'].map((name) => stream(name, 10, true));
  for (const each of [a, ...crowd, b]) queue.add(each);
  endTurn();
  expect(pushed).toEqual(['a all', 'b all', 'x all']);
  queue.add(a, 'overtaking');
  queue.add(b);
  clock.advance(10);
  endTurn();
  endTurn();
  // y was under way when they came
  expect(pushed.slice(3)).toEqual(['y all', 'a overtaking', 'b all', 'z all']);
  expect(queue.isIdle).toBe(true);
});
