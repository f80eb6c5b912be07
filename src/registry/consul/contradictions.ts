import type { CancelTimer, Clock } from '../../lib/clock.ts';

export interface ContradictionsOptions {
  readonly clock: Clock;
  /** Reads the service again; called until it was often enough. */
  readonly readAgain: (name: string) => void;
  /** The contradiction has outlived every reading. */
  readonly onLasting: (name: string) => void;
}

const waitMs = 1000;
const tries = 3;

/** Services about which Consul's lists and the last reading contradict each other: one of them lags, so they are read again after a while. */
export class Contradictions {
  private readonly options: ContradictionsOptions;
  private readonly open = new Map<string, { readonly tried: number; readonly cancel: CancelTimer }>();

  constructor(options: ContradictionsOptions) {
    this.options = options;
  }

  has(name: string): boolean {
    return this.open.has(name);
  }

  /** Told after each reading. */
  note(name: string, isConsistent: boolean): void {
    const known = this.open.get(name);
    known?.cancel();
    if (isConsistent) {
      this.open.delete(name);
      return;
    }
    const tried = (known?.tried ?? 0) + 1;
    if (tried > tries) {
      this.options.onLasting(name);
      return;
    }
    const cancel = this.options.clock.setTimeout(() => this.options.readAgain(name), waitMs * tried, { unref: true });
    this.open.set(name, { tried, cancel });
  }

  stop(): void {
    for (const { cancel } of this.open.values()) cancel();
    this.open.clear();
  }
}
