import { type Clock, delay } from '../../lib/clock.ts';

/** Lets `perSecond` things happen in a second, and as many at once after quiet. */
export class TokenBucket {
  private readonly clock: Clock;
  private readonly perSecond: number;
  private tokens: number;
  private filledAt: number;

  constructor(clock: Clock, perSecond: number) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledAt = clock.now();
  }

  /** Resolves when there is a token, which it takes, or when the signal aborts. For one caller at a time. */
  async take(signal: AbortSignal): Promise<void> {
    this.fill();
    while (this.tokens < 1 && !signal.aborted) {
      await delay(this.clock, Math.ceil(((1 - this.tokens) / this.perSecond) * 1000), signal);
      this.fill();
    }
    this.tokens -= 1;
  }

  private fill(): void {
    const now = this.clock.now();
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
  }
}
