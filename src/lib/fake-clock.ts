import type { CancelTimer, Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock for tests: time stands still until `advance` moves it, and timers fire in the order of their times. */
export class FakeClock implements Clock {
  private time: number;
  private made = 0;
  private timers: Timer[] = [];

  constructor(startMs = 0) {
    this.time = startMs;
  }

  now(): number {
    return this.time;
  }

  setTimeout(callback: () => void, delayMs: number): CancelTimer {
    const timer: Timer = { at: this.time + Math.max(0, delayMs), order: this.made++, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** How many timers wait, and in how many milliseconds the next one fires. */
  get pending(): number {
    return this.timers.length;
  }

  get nextDelayMs(): number | undefined {
    const next = this.next();
    return next && next.at - this.time;
  }

  /** Moves time on; every timer due by then fires at its own time, also those set by a callback on the way. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let timer = this.next(); timer && timer.at <= end; timer = this.next()) {
      const due = timer;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = due.at;
      due.callback();
    }
    this.time = end;
  }

  /** `advance`, then lets the promises that were waiting run on. */
  async advanceAsync(ms: number): Promise<void> {
    this.advance(ms);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  private next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }
}
