import { type Clock, delay } from './clock.ts';

/** Exponential back-off with full jitter. */
export interface Backoff {
  /** Upper end of the first delay. */
  readonly baseMs: number;
  /** Upper end that delays never pass. */
  readonly maxMs: number;
  /** How much the upper end grows per attempt; 2 where unset. */
  readonly factor?: number;
}

export interface RetryOptions {
  readonly clock: Clock;
  /** A number in [0, 1), `Math.random` outside of tests. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly backoff: Backoff;
  /** Calls of the task at most; unlimited where unset. */
  readonly maxAttempts?: number;
  /** Told before each wait, for the log. */
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
  /** False ends the retrying: the error is one that time does not heal. */
  readonly isRetryable?: (error: unknown) => boolean;
}

/** The wait before attempt `attempt + 1` (attempts count from 1): uniform in [0, min(max, base * factor^(attempt-1))). */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: () => number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.baseMs * (backoff.factor ?? 2) ** Math.max(0, attempt - 1));
  return Math.floor(random() * ceiling);
}

/**
 * Runs the task until it succeeds and returns its value. Rejects with the task's last error when attempts are used up or
 * the error is not retryable, and with the signal's reason when that aborts.
 */
export async function retry<T>(task: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await task(attempt);
    } catch (error) {
      options.signal.throwIfAborted();
      if (options.isRetryable?.(error) === false || attempt >= (options.maxAttempts ?? Number.POSITIVE_INFINITY)) throw error;
      const delayMs = backoffDelayMs(options.backoff, attempt, options.random);
      options.onRetry?.(error, attempt, delayMs);
      await delay(options.clock, delayMs, options.signal);
    }
  }
}
