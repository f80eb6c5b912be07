import type { ApplyTo, CompiledPatch, PatchContext, PatchSet } from './compiled-patch.ts';
import type { PatchCodec } from './patch-codec.ts';
import type { PatchRun } from './patch-run.ts';

export interface Patched<T> {
  /** Undefined: a patch removed it. */
  readonly value: T | undefined;
  /** What has changed something. */
  readonly applied: readonly CompiledPatch[];
  /** What was left out because Envoy would refuse the result, and why. */
  readonly failures: ReadonlyMap<CompiledPatch, string>;
}

export interface Patching<T> {
  readonly codec: PatchCodec;
  readonly context: PatchContext;
  readonly patches: PatchSet;
  readonly pass: (run: PatchRun) => T | undefined;
  /** Why Envoy would refuse it; undefined: nothing is known against it. */
  readonly faultOf: (value: T) => string | undefined;
}

/**
 * All patches at once, as Istio applies them; where something comes of it that Envoy would refuse, one after the other, without
 * those that make it so: the rest stays in force.
 */
export function checkedPatch<T>(patching: Patching<T>): Patched<T> {
  const all = passOf(patching, patching.patches);
  if (all.fault === undefined) return all;
  const kept: CompiledPatch[] = [];
  const failures = new Map<CompiledPatch, string>();
  let last = passOf(patching, new Map());
  // Something may be wrong with it whatever is patched; then nobody is to blame.
  const known = last.fault;
  for (const patch of [...patching.patches.values()].flat()) {
    const next = passOf(patching, patchSetOf([...kept, patch]));
    if (next.fault !== undefined && next.fault !== known) failures.set(patch, next.fault);
    else {
      kept.push(patch);
      last = next;
    }
  }
  return { ...last, failures: new Map([...last.failures, ...failures]) };
}

/** Patches by what they apply to, in the order given. */
export function patchSetOf(patches: readonly CompiledPatch[]): PatchSet {
  const set = new Map<ApplyTo, CompiledPatch[]>();
  for (const patch of patches) set.set(patch.applyTo, [...(set.get(patch.applyTo) ?? []), patch]);
  return set;
}

function passOf<T>({ codec, context, pass, faultOf }: Patching<T>, patches: PatchSet): Patched<T> & { readonly fault: string | undefined } {
  const run = { codec, context, patches, applied: new Set<CompiledPatch>(), failures: new Map<CompiledPatch, string>() };
  const value = pass(run);
  return { value, applied: [...run.applied], failures: run.failures, fault: value === undefined ? undefined : faultOf(value) };
}
