import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { backoffDelayMs, retry } from './retry.ts';

const backoff = { baseMs: 100, maxMs: 1000 };

describe('backoffDelayMs', () => {
  it('doubles its upper end up to the maximum, and jitters below it', () => {
    const ceilings = [1, 2, 3, 4, 5, 50].map((attempt) => backoffDelayMs(backoff, attempt, () => 0.999999));
    expect(ceilings).toEqual([99, 199, 399, 799, 999, 999]);
    expect(backoffDelayMs(backoff, 4, () => 0)).toBe(0);
  });
});

describe('retry', () => {
  it('waits between attempts and returns the first success', async () => {
    const clock = new FakeClock();
    const task = vi
      .fn<(attempt: number) => Promise<string>>()
      .mockRejectedValueOnce(new Error('one'))
      .mockRejectedValueOnce(new Error('two'))
      .mockResolvedValue('done');
    const result = retry(task, { clock, random: () => 0.5, signal: new AbortController().signal, backoff });
    await clock.advanceAsync(0);
    expect([task.mock.calls.length, clock.nextDelayMs]).toEqual([1, 50]);
    await clock.advanceAsync(50);
    expect([task.mock.calls.length, clock.nextDelayMs]).toEqual([2, 100]);
    await clock.advanceAsync(100);
    await expect(result).resolves.toBe('done');
    expect(task.mock.calls).toEqual([[1], [2], [3]]);
  });

  it('gives up after the last attempt, and at once on errors that time does not heal', async () => {
    const clock = new FakeClock();
    const signal = new AbortController().signal;
    const failing = () => Promise.reject(new Error('no'));
    await expect(retry(failing, { clock, random: () => 0.5, signal, backoff, maxAttempts: 1 })).rejects.toThrow('no');
    await expect(retry(failing, { clock, random: () => 0.5, signal, backoff, isRetryable: () => false })).rejects.toThrow('no');
    expect(clock.pending).toBe(0);
  });

  it('ends when the signal aborts in the middle of a wait', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const result = retry(() => Promise.reject(new Error('no')), { clock, random: () => 0.5, signal: controller.signal, backoff });
    await clock.advanceAsync(0);
    expect(clock.pending).toBe(1);
    controller.abort(new Error('stopped'));
    await expect(result).rejects.toThrow('stopped');
    expect(clock.pending).toBe(0);
  });
});
