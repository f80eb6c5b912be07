/** Reads one service; rejects where that failed for good. */
export type ReadOne = (name: string) => Promise<void>;

export interface ReadQueueOptions {
  readonly limit: number;
  readonly read: ReadOne;
  /** After a read, told whether the service was asked for again in the meantime. */
  readonly onRead: (name: string, wasAskedAgain: boolean) => void;
  readonly onFailure: (error: unknown) => void;
}

interface Running {
  readonly isUrgent: boolean;
  isAskedAgain: boolean;
}

/** Reads services, so many at once at most; those that are known to have changed go before those that may have. */
export class ReadQueue {
  private readonly options: ReadQueueOptions;
  private readonly urgent = new Set<string>();
  private readonly calm = new Set<string>();
  private readonly running = new Map<string, Running>();
  private waiting: (() => void)[] = [];
  private isClosed = false;

  constructor(options: ReadQueueOptions) {
    this.options = options;
  }

  /** Services that are being read or are to be. */
  get pending(): number {
    return this.urgent.size + this.calm.size + this.running.size;
  }

  /** Whether some service is known to have changed and has not been read since. */
  get isBehind(): boolean {
    return this.urgent.size > 0 || [...this.running.values()].some(({ isUrgent }) => isUrgent);
  }

  request(name: string): void {
    const running = this.running.get(name);
    if (running) running.isAskedAgain = true;
    else this.urgent.add(name);
    this.calm.delete(name);
    this.pump();
  }

  /** When there is nothing urgent. One that is under way is read once more: it may have been read before it changed. */
  requestCalmly(names: Iterable<string>): void {
    for (const name of names) if (!this.urgent.has(name)) this.calm.add(name);
    this.pump();
  }

  /** Forgets what was requested calmly and has not begun. */
  dropCalm(): void {
    this.calm.clear();
    this.tellIdle();
  }

  drop(name: string): void {
    this.urgent.delete(name);
    this.calm.delete(name);
  }

  isReading(name: string): boolean {
    return this.running.has(name) || this.urgent.has(name);
  }

  /** Resolves when nothing is left to read, or the queue is closed. */
  idle(): Promise<void> {
    if (this.pending === 0 || this.isClosed) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.isClosed = true;
    this.urgent.clear();
    this.calm.clear();
    this.tellIdle();
  }

  private pump(): void {
    while (!this.isClosed && this.running.size < this.options.limit) {
      const next = this.next();
      if (next === undefined) return;
      const running = { isUrgent: next.isUrgent, isAskedAgain: false };
      this.running.set(next.name, running);
      void this.run(next.name, running);
    }
  }

  private next(): { readonly name: string; readonly isUrgent: boolean } | undefined {
    for (const names of [this.urgent, this.calm]) {
      for (const name of names) {
        if (this.running.has(name)) continue;
        names.delete(name);
        return { name, isUrgent: names === this.urgent };
      }
    }
    return undefined;
  }

  private async run(name: string, running: Running): Promise<void> {
    try {
      await this.options.read(name);
    } catch (error) {
      if (!this.isClosed) this.options.onFailure(error);
    }
    this.running.delete(name);
    if (!this.isClosed) this.options.onRead(name, running.isAskedAgain);
    this.pump();
    this.tellIdle();
  }

  private tellIdle(): void {
    if (this.pending > 0 && !this.isClosed) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
