import type { Input } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { Patched } from './checked-patch.ts';
import type { CompiledPatch, PatchSet } from './compiled-patch.ts';

interface Outcome {
  applied: boolean;
  /** Why the patch was left out, by the identity of what it was to change. */
  readonly failures: Map<string, { readonly resource: string; readonly message: string; readonly of: WeakRef<object> }>;
}

/** What patches were applied to. */
export interface PatchedThing {
  readonly name: string;
  /** Things of one identity have one outcome. */
  readonly id: string;
  /** Nobody asks for outcomes once this is gone. */
  readonly of: object;
}

/**
 * What became of patches: a notebook beside the computations, which nothing is computed from but reports. It forgets a patch
 * with its EnvoyFilter, and a failure with the resource.
 */
export class PatchOutcomes {
  /** Counts failures that came or went. */
  readonly revision: Input<number>;
  private readonly outcomes = new WeakMap<CompiledPatch, Outcome>();
  private isScheduled = false;

  constructor(engine: Pick<Engine, 'input'>) {
    this.revision = engine.input(0);
  }

  note(patches: PatchSet, { name, id, of }: PatchedThing, patched: Patched<unknown>): void {
    for (const patch of patched.applied) this.of(patch).applied = true;
    for (const patch of [...patches.values()].flat()) {
      const message = patched.failures.get(patch);
      const { failures } = this.of(patch);
      if (message === undefined ? failures.delete(id) : !failures.has(id)) this.changed();
      if (message !== undefined) failures.set(id, { resource: name, message, of: new WeakRef(of) });
    }
  }

  /** What could not be patched, by name, with the reason. */
  failuresOf(patch: CompiledPatch): ReadonlyMap<string, string> {
    const { failures } = this.of(patch);
    for (const [id, { of }] of failures) if (of.deref() === undefined) failures.delete(id);
    return new Map([...failures.values()].map(({ resource, message }) => [resource, message]));
  }

  /** Whether the patch has changed anything since it was written. */
  hasApplied(patch: CompiledPatch): boolean {
    return this.of(patch).applied;
  }

  private of(patch: CompiledPatch): Outcome {
    const known = this.outcomes.get(patch);
    if (known !== undefined) return known;
    const outcome: Outcome = { applied: false, failures: new Map() };
    this.outcomes.set(patch, outcome);
    return outcome;
  }

  /** Nothing may be set while something is computed: afterwards. */
  private changed(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      this.revision.set(this.revision.get() + 1);
    });
  }
}
