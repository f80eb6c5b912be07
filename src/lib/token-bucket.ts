import { type Clock, delay } from './clock.ts';

/** Lets `perSecond` things happen in a second, and `burst` at once after a quiet time. */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  private filledMs: number;

  constructor(clock: Clock, perSecond: number, burst = perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledMs = clock.now();
  }

  /** Takes a token and resolves when it is there, or when the signal aborts. Several callers wait one after the other. */
  async take(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    // A clock that was set back must not keep anybody waiting for as long.
    const elapsedMs = Math.max(0, now - this.filledMs);
    this.tokens = Math.min(this.burst, this.tokens + (elapsedMs / 1000) * this.perSecond) - 1;
    this.filledMs = now;
    if (this.tokens < 0) await delay(this.clock, Math.ceil((-this.tokens / this.perSecond) * 1000), signal);
  }
}
