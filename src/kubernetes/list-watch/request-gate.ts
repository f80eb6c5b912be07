import { type Clock, delay } from '../../lib/clock.ts';
import { KubeApiError } from '../kube-api-error.ts';

/** Lists at a time: each holds a page in memory here, and all of its pages in the server. */
const listsAtOnce = 4;
/** What a server asks for beyond this is taken for a mistake. */
const longestPauseMs = 5 * 60_000;
/** After a pause requests come back spread over this share of it. */
const spread = 0.25;

/** What those who ask one API server share: few large answers at a time, and the pauses that it asks for. */
export class RequestGate {
  private readonly clock: Clock;
  private readonly random: () => number;
  private readonly waiting: (() => void)[] = [];
  private lists = 0;
  private pausedUntil = 0;
  private lastPauseMs = 0;

  constructor(clock: Clock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  /** Takes note of a `Retry-After`: it is about all requests of this client. */
  heed(error: unknown): void {
    if (!(error instanceof KubeApiError) || error.retryAfterMs === undefined) return;
    this.lastPauseMs = Math.min(error.retryAfterMs, longestPauseMs);
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + this.lastPauseMs);
  }

  /** Milliseconds that are left of a pause; 0 where there is none. */
  pauseMs(): number {
    return Math.max(0, this.pausedUntil - this.clock.now());
  }

  /** Waits out a pause. */
  async open(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.pausedUntil > this.clock.now()) {
      await delay(this.clock, this.pausedUntil - this.clock.now() + this.random() * spread * this.lastPauseMs, signal);
    }
  }

  /** Runs a list when its turn has come. */
  async list<T>(run: () => Promise<T>): Promise<T> {
    if (this.lists >= listsAtOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.lists++;
    try {
      return await run();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.lists--;
    }
  }
}
