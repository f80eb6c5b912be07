/** How long a lease holds, and how its holder keeps it. All in milliseconds. */
export interface LeaseTimes {
  /** Others take the lease when they have not seen it renewed for this long. */
  readonly durationMs: number;
  /** The holder stops leading when it could not renew for this long: shorter, so that what it has begun is over by then. */
  readonly renewDeadlineMs: number;
  /** From one renewal, or look of a candidate, to the next. */
  readonly retryMs: number;
}

/** istiod's. */
export const istioLeaseTimes: LeaseTimes = { durationMs: 30_000, renewDeadlineMs: 15_000, retryMs: 7_500 };

/** The time in which this replica leads without interruption: what leaders alone may do is done under one. */
export interface LeaderTerm {
  /** Aborts when the term is over. */
  readonly signal: AbortSignal;
  /**
   * Whether a write may begin at this moment. Ask right before each: a process that was stopped and goes on finds out here, not by
   * timers, which may run in any order then.
   */
  isCurrent(): boolean;
  /** Whole milliseconds after which somebody else may lead: a write must be over by then. */
  timeLeftMs(): number;
}

/** A term that is kept by renewals of a lease. */
export class LeaseTerm implements LeaderTerm {
  private readonly controller = new AbortController();
  private readonly times: LeaseTimes;
  private readonly monotonic: () => number;
  private renewedMs: number;

  /** `renewedMs`: when the request that took the lease was sent, by `monotonic`, which counts milliseconds and never goes back. */
  constructor(times: LeaseTimes, monotonic: () => number, renewedMs: number) {
    this.times = times;
    this.monotonic = monotonic;
    this.renewedMs = renewedMs;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  isCurrent(): boolean {
    return !this.signal.aborted && this.deadlineInMs() > 0;
  }

  timeLeftMs(): number {
    return this.signal.aborted ? 0 : Math.max(0, Math.floor(this.renewedMs + this.times.durationMs - this.monotonic()));
  }

  /** Milliseconds in which the next renewal has to succeed. */
  deadlineInMs(): number {
    return Math.floor(this.renewedMs + this.times.renewDeadlineMs - this.monotonic());
  }

  /** A renewal that was sent at `sentMs` has succeeded. */
  renewed(sentMs: number): void {
    this.renewedMs = sentMs;
  }

  end(): void {
    this.controller.abort();
  }
}

const endlessMs = 30_000;

/** The term of a replica that has no others beside it (`ENABLE_LEADER_ELECTION=false`). */
export function endlessTerm(signal: AbortSignal): LeaderTerm {
  return { signal, isCurrent: () => !signal.aborted, timeLeftMs: () => (signal.aborted ? 0 : endlessMs) };
}
