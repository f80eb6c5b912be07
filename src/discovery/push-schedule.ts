import type { CancelTimer, Clock } from '../lib/clock.ts';

export interface PushScheduleOptions {
  readonly clock: Clock;
  /** Runs a callback at the end of this turn of the event loop: what changes together is pushed together. */
  readonly defer: (callback: () => void) => void;
  /** Within a storm, a push waits until there was no change for this long (PILOT_DEBOUNCE_AFTER). */
  readonly afterMs: number;
  /** But never longer than this, counted from the first change that waits (PILOT_DEBOUNCE_MAX). */
  readonly maxMs: number;
  readonly push: () => void;
}

/**
 * When to push: at once for the first change after quiet, and coalesced for the changes that follow it closely. Istio
 * delays the first one too; here only the trailing part of a storm waits.
 */
export class PushSchedule {
  private readonly options: PushScheduleOptions;
  private state: 'quiet' | 'leading' | 'hot' = 'quiet';
  private waitingSinceMs: number | undefined;
  private cancel: CancelTimer | undefined;

  constructor(options: PushScheduleOptions) {
    this.options = options;
  }

  /** Something changed. */
  request(): void {
    if (this.state === 'leading') return;
    if (this.state === 'quiet') {
      this.state = 'leading';
      this.options.defer(() => {
        if (this.state === 'leading') this.run();
      });
      return;
    }
    const now = this.options.clock.now();
    this.waitingSinceMs ??= now;
    this.arm(Math.min(this.options.afterMs, this.waitingSinceMs + this.options.maxMs - now));
  }

  /** A push is going to happen. */
  get isPending(): boolean {
    return this.state === 'leading' || this.waitingSinceMs !== undefined;
  }

  close(): void {
    this.cancel?.();
    this.state = 'quiet';
    this.waitingSinceMs = undefined;
  }

  private run(): void {
    this.state = 'hot';
    this.waitingSinceMs = undefined;
    this.arm(this.options.afterMs);
    this.options.push();
  }

  private arm(delayMs: number): void {
    this.cancel?.();
    this.cancel = this.options.clock.setTimeout(() => this.onTimer(), Math.max(0, delayMs), { unref: true });
  }

  private onTimer(): void {
    this.cancel = undefined;
    if (this.waitingSinceMs === undefined) this.state = 'quiet';
    else this.run();
  }
}
