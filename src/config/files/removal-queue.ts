import type { CancelTimer, Clock } from '../../lib/clock.ts';

/** No removal is believed before the directory was quiet for so long, or the first one has waited for so long. */
const quietMs = 50;
const patienceMs = 1000;

/** How long a directory in which nothing is left is given to fill again: `rm -rf` and a copy take time. */
const emptyMs = 2000;

/** Files that seem to be gone, until it is certain. */
export class RemovalQueue {
  private readonly clock: Clock;
  private readonly onDue: () => void;
  private readonly waiting = new Set<string>();
  private since = 0;
  private isRipe = false;
  private cancel: CancelTimer | undefined;

  /** `onDue` is to read the directories again, and to ask `isDue` for every file that is not there. */
  constructor(clock: Clock, onDue: () => void) {
    this.clock = clock;
    this.onDue = onDue;
  }

  add(id: string): void {
    if (this.waiting.has(id)) return;
    if (this.waiting.size === 0) this.since = this.clock.now();
    this.waiting.add(id);
    this.arm(Math.min(this.clock.now() + quietMs, this.since + patienceMs));
  }

  /** These files are there, or it cannot be told. */
  keep(ids: Iterable<string>): void {
    for (const id of ids) this.waiting.delete(id);
    if (this.waiting.size === 0) this.cancel?.();
  }

  /** Whether a file that is not there may be removed now; else it waits. */
  isDue(id: string, isEmpty: boolean): boolean {
    if (!this.waiting.has(id)) {
      this.add(id);
      return false;
    }
    if (!this.isRipe) return false;
    if (isEmpty && this.clock.now() < this.since + emptyMs) {
      this.arm(this.since + emptyMs);
      return false;
    }
    this.waiting.delete(id);
    return true;
  }

  close(): void {
    this.cancel?.();
    this.waiting.clear();
  }

  private arm(dueAt: number): void {
    this.cancel?.();
    this.isRipe = false;
    const ripen = () => {
      this.isRipe = true;
      this.onDue();
    };
    this.cancel = this.clock.setTimeout(ripen, Math.max(1, dueAt - this.clock.now()), { unref: true });
  }
}
