import { type Clock, delay } from '../../lib/clock.ts';
import { backoffDelayMs } from '../../lib/retry.ts';
import type { TokenBucket } from '../../lib/token-bucket.ts';
import type { Answer } from './consul-client.ts';
import { ConsulFailure } from './consul-failure.ts';

/** How an answer came to be. */
export interface Arrival {
  /** The index before; the answer's own is greater, unless Consul gives none. */
  readonly since: number;
  /** The question waited for the change, so that there is one change in the answer. */
  readonly hasWaited: boolean;
}

export interface FollowOptions<T> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly bucket: TokenBucket;
  /** The state of this index is known already. */
  readonly startIndex: number;
  /** How long a question waits at most. */
  readonly waitMs: number;
  readonly ask: (index: number) => Promise<Answer<T>>;
  /** Called for every answer whose index has moved. */
  readonly onAnswer: (answer: Answer<T>, arrival: Arrival) => void;
  /** Every answer that can be believed, also one without news. */
  readonly onAlive: () => void;
  readonly onThrottled: () => void;
}

/** An answer that takes less than this may have been ready before the question. */
const promptMs = 50;
const throttledBackoff = { baseMs: 1000, maxMs: 10_000 };

/**
 * Asks one blocking query again and again until the signal aborts. Rejects with the failure of a question, and with `rewound` where the
 * index went backwards: Consul was restored or replaced, and everything known of it is void. 429 alone is waited out here.
 */
export async function followIndex<T>(options: FollowOptions<T>, signal: AbortSignal): Promise<void> {
  const { clock, random, bucket, waitMs, ask, onAnswer, onAlive, onThrottled } = options;
  let index = options.startIndex;
  let throttled = 0;
  let isDoubted = false;
  for (;;) {
    await bucket.take(signal);
    if (signal.aborted) return;
    const askedAt = clock.now();
    const asked: number = isDoubted ? 0 : index;
    const result: Answer<T> | undefined = await ask(asked).catch((error: unknown) => {
      if (error instanceof ConsulFailure && error.kind === 'throttled') return undefined;
      throw error;
    });
    if (signal.aborted) return;
    if (result === undefined) {
      onThrottled();
      await delay(clock, 100 + backoffDelayMs(throttledBackoff, ++throttled, random), signal);
      continue;
    }
    throttled = 0;
    if (result.index < index)
      throw new ConsulFailure('rewound', `the index of Consul went back from ${index} to ${result.index}: everything is read again`);
    onAlive();
    const since = index;
    const tookMs = clock.now() - askedAt;
    // Consul says nothing new before the time is up when it was restored from a snapshot: by now it may be of another, older index.
    isDoubted = !isDoubted && index > 0 && result.index === index && tookMs < waitMs * 0.9;
    index = result.index;
    if (index > since || index === 1) onAnswer(result, { since, hasWaited: tookMs >= promptMs });
  }
}
