import { expect, it } from 'vitest';
import { FakeClock } from '../../lib/fake-clock.ts';
import { KubeApiError } from '../kube-api-error.ts';
import { IdleGuard } from './idle-guard.ts';
import { RequestGate } from './request-gate.ts';

it('holds everybody back for as long as the server asks, and lets them come back spread', async () => {
  const clock = new FakeClock();
  const gate = new RequestGate(clock, () => 0.5);
  gate.heed(new KubeApiError('busy', { status: 429, retryAfterMs: 8_000 }));
  gate.heed(new Error('something else'));
  let isOpen = false;
  void gate.open(new AbortController().signal).then(() => {
    isOpen = true;
  });
  await clock.advanceAsync(8_900);
  expect(isOpen).toBe(false);
  await clock.advanceAsync(200);
  expect(isOpen).toBe(true);
});

it('runs four lists at a time', async () => {
  const gate = new RequestGate(new FakeClock(), () => 0);
  const running = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  let begun = 0;
  const all = running.map(({ promise }) =>
    gate.list(() => {
      begun++;
      return promise;
    }),
  );
  await Promise.resolve();
  expect(begun).toBe(4);
  running[0]?.resolve();
  await all[0];
  await Promise.resolve();
  expect(begun).toBe(5);
  for (const { resolve } of running) resolve();
  await Promise.all(all);
  expect(begun).toBe(6);
});

it('gives a watch up after silence alone', () => {
  const clock = new FakeClock();
  const guard = new IdleGuard(clock, 1_000);
  clock.advance(900);
  guard.heard();
  clock.advance(900);
  expect(guard.signal.aborted).toBe(false);
  clock.advance(100);
  expect(guard.signal.aborted).toBe(true);
  const closed = new IdleGuard(clock, 1_000);
  closed.close();
  clock.advance(5_000);
  expect(closed.signal.aborted).toBe(false);
});
