import type { Clock } from '../lib/clock.ts';
import { PushSchedule } from './push-schedule.ts';

/** Whatever can be brought up to date. */
export interface Pushable {
  push(): void;
}

export interface PushQueueOptions {
  readonly clock: Clock;
  readonly defer: (callback: () => void) => void;
  readonly afterMs: number;
  readonly maxMs: number;
}

/** After this long the event loop gets a turn, so that requests and acknowledgements do not wait for a whole round. */
const sliceMs = 8;

/** The streams that a change concerns, each once, pushed when the schedule says so. */
export class PushQueue {
  private readonly waiting = new Set<Pushable>();
  private readonly options: PushQueueOptions;
  private readonly schedule: PushSchedule;
  private isRunning = false;

  constructor(options: PushQueueOptions) {
    this.options = options;
    this.schedule = new PushSchedule({ ...options, push: () => this.run() });
  }

  add(stream: Pushable): void {
    this.waiting.add(stream);
    this.schedule.request();
  }

  delete(stream: Pushable): void {
    this.waiting.delete(stream);
  }

  get isIdle(): boolean {
    return this.waiting.size === 0 && !this.isRunning && !this.schedule.isPending;
  }

  close(): void {
    this.schedule.close();
    this.waiting.clear();
  }

  private run(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.slice();
  }

  private slice(): void {
    const { clock, defer } = this.options;
    const endMs = clock.now() + sliceMs;
    for (const stream of this.waiting) {
      this.waiting.delete(stream);
      stream.push();
      if (clock.now() >= endMs && this.waiting.size > 0) {
        defer(() => this.slice());
        return;
      }
    }
    this.isRunning = false;
  }
}
