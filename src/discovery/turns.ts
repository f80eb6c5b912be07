import type { Clock } from '../lib/clock.ts';

export interface TurnsOptions {
  readonly clock: Clock;
  /** Runs a callback in the next turn of the event loop. */
  readonly defer: (callback: () => void) => void;
}

/** Whose work it is: that of streams which have what they need goes before that of streams which are being configured. */
export type Line = 'configured' | 'new';

/** Work of one turn goes on until this much time has passed. */
const sliceMs = 8;

/**
 * Work that clients set off: done at once while a turn of the event loop is young, else in later turns, line by line in the order in
 * which it came. However many clients speak at the same moment, pushes, timers and other connections have their turn in between, and
 * a storm of new streams does not keep those waiting that were there before.
 */
export class Turns {
  private readonly options: TurnsOptions;
  private readonly lines: Readonly<Record<Line, Queue>> = { configured: new Queue(), new: new Queue() };
  private endMs: number | undefined;

  constructor(options: TurnsOptions) {
    this.options = options;
  }

  get isIdle(): boolean {
    return this.lines.configured.isEmpty && this.lines.new.isEmpty;
  }

  /** Now, or later where the turn has been used up or others are before it. */
  run(line: Line, task: () => void): void {
    const isBehind = line === 'new' ? !this.isIdle : !this.lines.configured.isEmpty;
    if (isBehind || !this.hasTime()) this.later(line, task);
    else task();
  }

  later(line: Line, task: () => void): void {
    this.lines[line].add(task);
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

  /** Only what was there when the turn began, so that one who always has more to do does not keep it. */
  private next(): void {
    this.endMs = undefined;
    for (const line of [this.lines.configured, this.lines.new]) {
      for (let left = line.length; left > 0; left--) {
        if (!this.hasTime()) return;
        line.take()?.();
      }
    }
  }
}

/** First in, first out, without moving what is behind. */
class Queue {
  private tasks: (() => void)[] = [];
  private from = 0;

  get length(): number {
    return this.tasks.length - this.from;
  }

  get isEmpty(): boolean {
    return this.length === 0;
  }

  add(task: () => void): void {
    this.tasks.push(task);
  }

  take(): (() => void) | undefined {
    const task = this.tasks[this.from++];
    if (this.isEmpty) {
      this.tasks = [];
      this.from = 0;
    }
    return task;
  }
}
