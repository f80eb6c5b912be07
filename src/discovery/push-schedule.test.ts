import { describe, expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { PushSchedule } from './push-schedule.ts';

function scheduled() {
  const clock = new FakeClock();
  const pushes: number[] = [];
  let deferred: (() => void)[] = [];
  const schedule = new PushSchedule({
    clock,
    defer: (callback) => deferred.push(callback),
    afterMs: 10,
    maxMs: 35,
    push() {
      pushes.push(clock.now());
      schedule.finished(0);
    },
  });
  const endTurn = () => {
    const callbacks = deferred;
    deferred = [];
    for (const callback of callbacks) callback();
  };
  return { clock, pushes, schedule, endTurn };
}

describe('PushSchedule', () => {
  it('pushes the first change at the end of the turn, once for all changes of the turn', () => {
    const { pushes, schedule, endTurn } = scheduled();
    schedule.request();
    schedule.request();
    expect(pushes).toEqual([]);
    endTurn();
    expect(pushes).toEqual([0]);
    expect(schedule.isPending).toBe(false);
  });

  it('waits for quiet after that, counted from the last change', () => {
    const { clock, pushes, schedule, endTurn } = scheduled();
    schedule.request();
    endTurn();
    clock.advance(2);
    schedule.request();
    clock.advance(8);
    schedule.request();
    clock.advance(9);
    expect(pushes).toEqual([0]);
    expect(schedule.isPending).toBe(true);
    clock.advance(1);
    expect(pushes).toEqual([0, 20]);
  });

  it('lets a storm delay a push no longer than the maximum', () => {
    const { clock, pushes, schedule, endTurn } = scheduled();
    schedule.request();
    endTurn();
    for (let i = 0; i < 80; i++) {
      clock.advance(1);
      schedule.request();
    }
    expect(pushes).toEqual([0, 36, 71]);
  });

  it('is quiet again when nothing came for the quiet time, and then pushes at once', () => {
    const { clock, pushes, schedule, endTurn } = scheduled();
    schedule.request();
    endTurn();
    clock.advance(10);
    schedule.request();
    endTurn();
    expect(pushes).toEqual([0, 10]);
  });

  it('pushes nothing after it was closed', () => {
    const { clock, pushes, schedule, endTurn } = scheduled();
    schedule.request();
    schedule.close();
    endTurn();
    clock.advance(100);
    expect(pushes).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
