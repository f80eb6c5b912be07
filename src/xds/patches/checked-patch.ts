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
 * All patches at once, as Istio applies them; where something comes of it that Envoy would refuse, without those that make it so:
 * the rest stays in force.
 */
export function checkedPatch<T>(patching: Patching<T>): Patched<T> {
  const all = passOf(patching, patching.patches);
  if (all.fault === undefined) return all;
  let last = passOf(patching, new Map());
  // Something may be wrong with it whatever is patched; then nobody is to blame.
  const known = last.fault;
  const failures = new Map<CompiledPatch, string>();
  let kept: readonly CompiledPatch[] = [];
  let rest: readonly CompiledPatch[] = [...patching.patches.values()].flat();
  while (rest.length > 0) {
    const { good, bad } = firstBad(patching, { kept, rest, known });
    if (good !== undefined) last = good;
    const count = bad === undefined ? rest.length : bad.index;
    const refused = rest[count];
    if (bad !== undefined && refused !== undefined) failures.set(refused, bad.fault);
    kept = [...kept, ...rest.slice(0, count)];
    rest = rest.slice(count + 1);
  }
  return { ...last, failures: new Map([...last.failures, ...failures]) };
}

interface Candidates {
  readonly kept: readonly CompiledPatch[];
  readonly rest: readonly CompiledPatch[];
  /** A fault that is there without any patch. */
  readonly known: string | undefined;
}

interface FirstBad<T> {
  /** What comes of those before it; undefined: there are none. */
  readonly good?: Pass<T>;
  readonly bad?: { readonly index: number; readonly fault: string };
}

/**
 * The patch with which what was right until then is not: in steps that grow, then by halves. Resources are many, and most patches
 * are right: one after the other would cost as many passes as there are patches, for every resource.
 */
function firstBad<T>(patching: Patching<T>, { kept, rest, known }: Candidates): FirstBad<T> {
  let [from, to] = [0, rest.length + 1];
  let good: Pass<T> | undefined;
  let fault = '';
  for (let step = 1; to - from > 1; step *= 2) {
    const count = to > rest.length ? Math.min(from + step, rest.length) : Math.floor((from + to) / 2);
    const next = passOf(patching, patchSetOf([...kept, ...rest.slice(0, count)]));
    if (next.fault === undefined || next.fault === known) [from, good] = [count, next];
    else [to, fault] = [count, next.fault];
  }
  return { ...(good && { good }), ...(to <= rest.length && { bad: { index: from, fault } }) };
}

/** Patches by what they apply to, in the order given. */
export function patchSetOf(patches: readonly CompiledPatch[]): PatchSet {
  const set = new Map<ApplyTo, CompiledPatch[]>();
  for (const patch of patches) set.set(patch.applyTo, [...(set.get(patch.applyTo) ?? []), patch]);
  return set;
}

interface Pass<T> extends Patched<T> {
  readonly fault: string | undefined;
}

function passOf<T>({ codec, context, pass, faultOf }: Patching<T>, patches: PatchSet): Pass<T> {
  const run = { codec, context, patches, applied: new Set<CompiledPatch>(), failures: new Map<CompiledPatch, string>() };
  const value = pass(run);
  return { value, applied: [...run.applied], failures: run.failures, fault: value === undefined ? undefined : faultOf(value) };
}
