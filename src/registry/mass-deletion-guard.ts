/** When the loss of instances looks like a fault of the registry and not like a decision of its users. */
export interface DeletionLimits {
  /** Held is what removes more instances than this ... */
  readonly instances: number;
  /** ... and more than this share of those that are known. */
  readonly share: number;
  /** How long, in milliseconds, it is held before a fresh complete list decides. */
  readonly holdMs: number;
}

export const defaultDeletionLimits: DeletionLimits = { instances: 10, share: 0.5, holdMs: 5000 };

/** A difference between what is served and what the registry says now, in instances of all its services. */
export interface InstanceDiff {
  readonly known: number;
  readonly removed: number;
}

export interface Judgement {
  /**
   * `hold`: apply what was added and changed, keep what would be removed, and list everything anew in `relistInMs`.
   * `apply`: the difference is to be believed.
   */
  readonly verdict: 'apply' | 'hold';
  /** Milliseconds; 0 unless held. */
  readonly relistInMs: number;
}

/**
 * Holds mass deletions: a difference that removes most of a registry is not believed at once, but when a list that was
 * taken after the hold still says so. One per registry.
 */
export class MassDeletionGuard {
  private readonly limits: DeletionLimits;
  /** When the hold began, in milliseconds of the caller's clock. */
  private heldSince: number | undefined;

  constructor(limits: Partial<DeletionLimits> = {}) {
    this.limits = { ...defaultDeletionLimits, ...limits };
  }

  get isHolding(): boolean {
    return this.heldSince !== undefined;
  }

  /**
   * `now` is when the list behind the difference was asked for, in milliseconds of a clock that does not jump back: an
   * answer to a question from before the end of the hold proves nothing.
   */
  judge({ known, removed }: InstanceDiff, now: number): Judgement {
    const { instances, share, holdMs } = this.limits;
    if (removed <= instances || removed <= known * share) {
      this.heldSince = undefined;
      return { verdict: 'apply', relistInMs: 0 };
    }
    this.heldSince ??= now;
    const relistInMs = this.heldSince + holdMs - now;
    if (relistInMs > 0) return { verdict: 'hold', relistInMs };
    this.heldSince = undefined;
    return { verdict: 'apply', relistInMs: 0 };
  }
}

/** How many instances a difference of two views by service removes; `keyOf` tells the instances of one service apart. */
export function instanceDiff<T>(
  known: ReadonlyMap<string, readonly T[]>,
  next: ReadonlyMap<string, readonly T[]>,
  keyOf: (instance: T) => string,
): InstanceDiff {
  const diff = { known: 0, removed: 0 };
  for (const [service, instances] of known) {
    diff.known += instances.length;
    diff.removed += missingOf(instances, next.get(service) ?? [], keyOf).length;
  }
  return diff;
}

/** The new view without its removals: what was there stays, after what is there now. */
export function withoutRemovals<T>(
  known: ReadonlyMap<string, readonly T[]>,
  next: ReadonlyMap<string, readonly T[]>,
  keyOf: (instance: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const kept = new Map(next);
  for (const [service, instances] of known) {
    const present = next.get(service) ?? [];
    const missing = missingOf(instances, present, keyOf);
    if (missing.length > 0 || !next.has(service)) kept.set(service, [...present, ...missing]);
  }
  return kept;
}

function missingOf<T>(instances: readonly T[], present: readonly T[], keyOf: (instance: T) => string): readonly T[] {
  const keys = new Set(present.map(keyOf));
  return instances.filter((instance) => !keys.has(keyOf(instance)));
}
