import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Arrival } from './follow-index.ts';

export interface InPlaceDetectorOptions {
  readonly clock: Clock;
  /** Reads every service once more; a change somewhere has not named itself. */
  readonly sweep: () => void;
  /** What is left of the last sweep is needed no more. */
  readonly onNamed: () => void;
}

/** Both watches wake for the same change, but not at the same moment: three times as late as of late is late enough. */
const grace = { leastMs: 60, mostMs: 1000, times: 3 };
/** How much of a delay is still remembered after the next one. */
const memory = 0.9;
const betweenSweepsMs = 2000;
/** How long it has to be quiet after a burst in which a change may have hidden behind another. */
const suspicionMs = 5000;
const keptIndexes = 4096;

/**
 * Consul's list of services wakes for every registration, also for one that changes neither names nor tags. A new instance is then named by
 * its check; a registration in place (meta, port, address, weights) and an instance without checks are named by nothing. Such a wake costs
 * one sweep over all services, at most one in two seconds. A burst, of which one answer shows several changes, may hide one: that is looked
 * after when it is over.
 */
export class InPlaceDetector {
  private readonly options: InPlaceDetectorOptions;
  private readonly named = new Set<number>();
  /** Indexes that nobody has named yet, and when the list of services had them. */
  private readonly unnamed = new Map<number, number>();
  /** The same, of those for which the last sweep was begun. */
  private swept: Map<number, number> = new Map();
  /** The last sweep was begun for those alone. */
  private isSweeping = false;
  /** How much later than the list of services the other watch was, of late. */
  private latenessMs = 0;
  private sweptAt = Number.NEGATIVE_INFINITY;
  private cancelSweep: CancelTimer | undefined;
  private cancelSuspicion: CancelTimer | undefined;

  constructor(options: InPlaceDetectorOptions) {
    this.options = options;
  }

  /** The changes of these indexes are known by name, out of the list of checks. */
  explainByChecks(indexes: ReadonlySet<number>): void {
    const now = this.options.clock.now();
    for (const index of indexes) {
      const wokenAt = this.unnamed.get(index) ?? this.swept.get(index);
      if (wokenAt !== undefined) this.latenessMs = Math.max(this.latenessMs * memory, now - wokenAt);
    }
    this.explain(indexes);
    if (!this.isSweeping || this.swept.size > 0) return;
    this.isSweeping = false;
    this.options.onNamed();
  }

  /** The changes of these indexes are known by name. */
  explain(indexes: Iterable<number>): void {
    for (const index of indexes) {
      this.named.add(index);
      this.unnamed.delete(index);
      this.swept.delete(index);
    }
    for (const index of this.named) {
      if (this.named.size <= keptIndexes) break;
      this.named.delete(index);
    }
    if (this.unnamed.size > 0 || this.cancelSweep === undefined) return;
    this.cancelSweep();
    this.cancelSweep = undefined;
  }

  /** The list of services was answered; `isNamed` where names or tags in it differ. */
  onWake(index: number, { since, hasWaited }: Arrival, isNamed: boolean): void {
    if (!hasWaited && index - since > 1) this.suspect();
    if (isNamed) this.explain([index]);
    if (this.named.has(index)) return;
    this.unnamed.set(index, this.options.clock.now());
    this.schedule();
  }

  stop(): void {
    this.cancelSweep?.();
    this.cancelSuspicion?.();
  }

  private schedule(): void {
    if (this.cancelSweep !== undefined) return;
    const { clock } = this.options;
    const graceMs = Math.min(grace.mostMs, Math.max(grace.leastMs, grace.times * this.latenessMs));
    const wait = Math.max(graceMs, this.sweptAt + betweenSweepsMs - clock.now());
    this.cancelSweep = clock.setTimeout(() => this.begin(), wait, { unref: true });
  }

  private begin(): void {
    this.cancelSweep = undefined;
    this.swept = new Map(this.unnamed);
    this.isSweeping = this.cancelSuspicion === undefined && this.swept.size > 0;
    this.unnamed.clear();
    this.cancelSuspicion?.();
    this.cancelSuspicion = undefined;
    this.sweptAt = this.options.clock.now();
    this.options.sweep();
  }

  private suspect(): void {
    this.cancelSuspicion?.();
    this.cancelSuspicion = this.options.clock.setTimeout(() => this.begin(), suspicionMs, { unref: true });
  }
}
