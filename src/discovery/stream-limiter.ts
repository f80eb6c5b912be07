import type { Clock } from '../lib/clock.ts';

export interface StreamLimiterOptions {
  readonly clock: Clock;
  /** New streams per second (PILOT_MAX_REQUESTS_PER_SECOND); 0 chooses by itself. */
  readonly perSecond: number;
}

/**
 * A stream of a mesh of a hundred services costs some milliseconds in all, so that this leaves room for pushes (Istio's rule gives 100 at
 * most, and 25 on two cores).
 */
const automaticPerSecond = 100;
/** Istio `WaitForRequestLimit`: who would wait longer is refused, and comes back with back-off. */
const maxWaitMs = 1000;

/** A token bucket for new streams: a restarted control plane meets its whole fleet at once. */
export class StreamLimiter {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private nextMs = 0;

  constructor(options: StreamLimiterOptions) {
    this.clock = options.clock;
    this.intervalMs = 1000 / (options.perSecond > 0 ? options.perSecond : automaticPerSecond);
  }

  /** Milliseconds that the stream has to wait for its turn; undefined where it is refused. */
  reserve(): number | undefined {
    const now = this.clock.now();
    const turnMs = Math.max(this.nextMs, now);
    if (turnMs - now > maxWaitMs) return undefined;
    this.nextMs = turnMs + this.intervalMs;
    return turnMs - now;
  }
}
