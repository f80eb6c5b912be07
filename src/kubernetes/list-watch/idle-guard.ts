import type { CancelTimer, Clock } from '../../lib/clock.ts';

/** Aborts when nothing was heard for a time: a connection can be dead for a quarter of an hour before TCP says so. */
export class IdleGuard {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly clock: Clock;
  private readonly idleMs: number;
  private heardAt: number;
  private cancel: CancelTimer;

  constructor(clock: Clock, idleMs: number) {
    this.clock = clock;
    this.idleMs = idleMs;
    this.signal = this.controller.signal;
    this.heardAt = clock.now();
    this.cancel = this.arm(idleMs);
  }

  /** Something came. Cheap: the timer looks at the time when it is due. */
  heard(): void {
    this.heardAt = this.clock.now();
  }

  close(): void {
    this.cancel();
  }

  private arm(delayMs: number): CancelTimer {
    return this.clock.setTimeout(() => this.look(), delayMs, { unref: true });
  }

  private look(): void {
    const left = this.heardAt + this.idleMs - this.clock.now();
    if (left > 0) this.cancel = this.arm(left);
    else this.controller.abort();
  }
}
