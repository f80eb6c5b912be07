import type { CancelTimer, Clock } from '../lib/clock.ts';

type ByService<T> = ReadonlyMap<string, readonly T[]>;

export interface OutageGraceOptions<T> {
  /** How long, in milliseconds, what went missing is kept after an outage; 0: not at all. */
  readonly graceMs: number;
  /** What an instance is known by: one that shares any of them with another of its service is the same, come back. */
  readonly marksOf: (instance: T) => readonly string[];
  readonly clock: Clock;
  /** The time is over: these services lose what was kept of them. */
  readonly onOver: (services: readonly string[]) => void;
}

/**
 * Instances that went missing while a registry could not be asked, kept for a while after it: where the registry lost them, or their leases
 * ran out meanwhile, they run on, and some registrars never register again (pain 22). One that comes back is as any other from then on.
 */
export class OutageGrace<T> {
  private readonly options: OutageGraceOptions<T>;
  private readonly kept = new Map<string, readonly T[]>();
  private cancel: CancelTimer | undefined;

  constructor(options: OutageGraceOptions<T>) {
    this.options = options;
  }

  /** How many instances are kept. */
  get count(): number {
    return [...this.kept.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** A complete view after an outage: what it lacks of what is served is kept from now on. */
  begin(served: ByService<T>, next: ByService<T>): void {
    if (this.options.graceMs === 0) return;
    for (const [service, instances] of served) {
      const missing = this.without(instances, next.get(service) ?? []);
      if (missing.length > 0) this.kept.set(service, missing);
      else this.kept.delete(service);
    }
    this.cancel?.();
    this.cancel = this.kept.size === 0 ? undefined : this.options.clock.setTimeout(() => this.end(), this.options.graceMs, { unref: true });
  }

  /** What there is of a service now, and what is kept of it; what has come back is kept no longer. */
  joined(service: string, instances: readonly T[]): readonly T[] {
    const known = this.kept.get(service);
    if (known === undefined) return instances;
    const missing = this.without(known, instances);
    if (missing.length > 0) this.kept.set(service, missing);
    else this.kept.delete(service);
    return [...instances, ...missing];
  }

  /** Services of which something is kept. */
  services(): readonly string[] {
    return [...this.kept.keys()];
  }

  /** Of what is served, what is not merely kept. */
  withoutKept(service: string, served: readonly T[]): readonly T[] {
    const kept = new Set(this.kept.get(service));
    return served.filter((instance) => !kept.has(instance));
  }

  /** Keeps nothing any more, and tells nobody. */
  stop(): void {
    this.cancel?.();
    this.kept.clear();
  }

  private end(): void {
    const services = this.services();
    this.options.onOver(services);
  }

  private without(instances: readonly T[], present: readonly T[]): readonly T[] {
    const { marksOf } = this.options;
    const marks = new Set(present.flatMap(marksOf));
    return instances.filter((instance) => !marksOf(instance).some((mark) => marks.has(mark)));
  }
}
