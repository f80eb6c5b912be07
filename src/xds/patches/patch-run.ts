import type { ApplyTo, CompiledPatch, PatchContext, PatchSet } from './compiled-patch.ts';
import type { PatchCodec } from './patch-codec.ts';

/** One pass of patches over one resource. */
export interface PatchRun {
  readonly codec: PatchCodec;
  readonly context: PatchContext;
  readonly patches: PatchSet;
  /** What has changed something, in the order in which it did. Filled while patching. */
  readonly applied: Set<CompiledPatch>;
  /** What could not be applied, and why. Filled while patching. */
  readonly failures: Map<CompiledPatch, string>;
}

/** The patches of a kind that are for the part of the proxy that is being made. */
export function patchesFor({ patches, context }: Pick<PatchRun, 'patches' | 'context'>, applyTo: ApplyTo): readonly CompiledPatch[] {
  return (patches.get(applyTo) ?? []).filter(({ match: { context: wanted = 'ANY' } }) => wanted === 'ANY' || wanted === context);
}

/** Merges the value of a patch into a message, and says that it did. */
export function mergeValue<T extends object>(run: PatchRun, patch: CompiledPatch, typeName: string, message: T): T {
  run.applied.add(patch);
  const lists = patch.operation === 'MERGE_AND_REPLACE_LIST' ? 'replace' : 'append';
  return run.codec.merge(typeName, message as Readonly<Record<string, unknown>>, patch.value ?? {}, lists) as T;
}
