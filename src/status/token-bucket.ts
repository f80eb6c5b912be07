import { type Clock, delay } from '../lib/clock.ts';

/** Lets so many things happen in a second, and a few more after a quiet time. */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  private filledMs: number;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledMs = clock.now();
  }

  /** Resolves when the next thing may happen, or the signal aborts. */
  async take(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledMs) / 1000) * this.perSecond) - 1;
    this.filledMs = now;
    if (this.tokens < 0) await delay(this.clock, (-this.tokens / this.perSecond) * 1000, signal);
  }
}
