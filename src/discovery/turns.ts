import type { Clock } from '../lib/clock.ts';

export interface TurnsOptions {
  readonly clock: Clock;
  /** Runs a callback in the next turn of the event loop. */
  readonly defer: (callback: () => void) => void;
}

/** Work of one turn goes on until this much time has passed. */
const sliceMs = 8;

/**
 * Work that clients set off: done at once while a turn of the event loop is young, else in later turns, in the order in which
 * it came. However many clients speak at the same moment, pushes, timers and other connections have their turn in between.
 */
export class Turns {
  private readonly options: TurnsOptions;
  private tasks: (() => void)[] = [];
  private endMs: number | undefined;

  constructor(options: TurnsOptions) {
    this.options = options;
  }

  get isIdle(): boolean {
    return this.tasks.length === 0;
  }

  /** Now, or later where the turn has been used up. */
  run(task: () => void): void {
    if (this.tasks.length > 0 || !this.hasTime()) this.later(task);
    else task();
  }

  later(task: () => void): void {
    this.tasks.push(task);
    this.hasTime();
  }

  private hasTime(): boolean {
    const now = this.options.clock.now();
    if (this.endMs === undefined) {
      this.endMs = now + sliceMs;
      this.options.defer(() => this.next());
    }
    return now < this.endMs;
  }

  private next(): void {
    this.endMs = undefined;
    const tasks = this.tasks;
    this.tasks = [];
    for (const [done, task] of tasks.entries()) {
      if (!this.hasTime()) {
        this.tasks = [...tasks.slice(done), ...this.tasks];
        return;
      }
      task();
    }
  }
}
