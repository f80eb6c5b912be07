import type { CancelTimer, Clock } from '../lib/clock.ts';

export interface PushScheduleOptions {
  readonly clock: Clock;
  /** Runs a callback at the end of this turn of the event loop: what changes together is pushed together. */
  readonly defer: (callback: () => void) => void;
  /** Within a storm, a push waits until there was no change for this long (PILOT_DEBOUNCE_AFTER). */
  readonly afterMs: number;
  /** But never longer than this, counted from the first change that waits (PILOT_DEBOUNCE_MAX). */
  readonly maxMs: number;
  /** Begins a push; `finished` says when it has ended. */
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
  private notBeforeMs = 0;
  private isPushing = false;

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
    this.waitingSinceMs ??= this.options.clock.now();
    if (!this.isPushing) this.arm();
  }

  /** A push is going to happen. */
  get isPending(): boolean {
    return this.state === 'leading' || this.waitingSinceMs !== undefined;
  }

  /** A push goes out at the end of this turn. */
  get isLeading(): boolean {
    return this.state === 'leading';
  }

  /** The push has ended. What took long is not done again at once, so that pushes take up half of the time at most. */
  finished(tookMs: number): void {
    this.notBeforeMs = this.options.clock.now() + Math.min(tookMs, this.options.maxMs);
    this.isPushing = false;
    if (this.state === 'hot') this.arm();
  }

  close(): void {
    this.cancel?.();
    this.state = 'quiet';
    this.waitingSinceMs = undefined;
  }

  private run(): void {
    this.state = 'hot';
    this.waitingSinceMs = undefined;
    this.cancel?.();
    this.isPushing = true;
    this.options.push();
  }

  private arm(): void {
    this.cancel?.();
    const { clock, afterMs, maxMs } = this.options;
    const now = clock.now();
    const delayMs = this.waitingSinceMs === undefined ? afterMs : Math.min(afterMs, this.waitingSinceMs + maxMs - now);
    const restMs = this.notBeforeMs - now;
    this.cancel = clock.setTimeout(() => this.onTimer(), Math.max(0, restMs, delayMs), { unref: true });
  }

  private onTimer(): void {
    this.cancel = undefined;
    if (this.waitingSinceMs === undefined) this.state = 'quiet';
    else this.run();
  }
}
