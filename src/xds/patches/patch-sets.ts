import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { sameElements } from '../../mesh/cells/same-elements.ts';
import { parsePatchKey } from '../../mesh/patches/choose-patches.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { EnvoyFilter } from '../../schema/envoy-filter/envoy-filter.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import { patchSetOf } from './checked-patch.ts';
import { type CompiledFilter, compileFilter } from './compile-filter.ts';
import type { CompiledPatch, PatchSet } from './compiled-patch.ts';
import type { PatchCodec } from './patch-codec.ts';
import type { PatchOutcomes } from './patch-outcomes.ts';

export interface PatchSets {
  /** The patches behind the text of an area (`ProxyPatches`): the same object as long as none of them changes. */
  readonly of: (key: string) => Cell<PatchSet>;
  readonly filters: MapCell<CompiledFilter>;
  /** What is wrong with patches, and what of them could not be applied where; without positions. */
  readonly issues: Cell<readonly Issue[]>;
}

export function patchSets(
  engine: Engine,
  objects: MapCell<ConfigObject<EnvoyFilter>>,
  { codec, outcomes }: { readonly codec: PatchCodec; readonly outcomes: PatchOutcomes },
): PatchSets {
  const filters = engine.mapValues(objects, (object) => compileFilter(object, codec));
  const chosen = engine.family<readonly CompiledPatch[]>(
    (key, read) =>
      parsePatchKey(key).flatMap(({ object, indices }) => {
        const patches = read(filters.at(object))?.patches;
        return indices.flatMap((index) => patches?.get(index) ?? []);
      }),
    sameElements,
  );
  const sets = engine.family<PatchSet>((key, read) => patchSetOf(read(chosen(key))));
  const issues = engine.derived((read) => {
    read(outcomes.revision);
    return [...read(filters).values()].flatMap((filter) => [
      ...filter.issues,
      ...[...filter.patches.values()].flatMap((patch) => failureIssues(patch, outcomes)),
    ]);
  });
  return { of: sets, filters, issues };
}

/** One issue for each reason, with the first of the resources: a patch may fail in a thousand. */
function failureIssues(patch: CompiledPatch, outcomes: PatchOutcomes): readonly Issue[] {
  const byReason = new Map<string, string[]>();
  for (const [resource, message] of outcomes.failuresOf(patch)) byReason.set(message, [...(byReason.get(message) ?? []), resource]);
  return [...byReason].map(([message, resources]) => {
    const [first = ''] = resources.sort(compareText);
    const others = resources.length === 1 ? '' : ` and ${resources.length - 1} more`;
    return {
      code: issueCodes.patchNotApplied,
      severity: 'error',
      message: `is not applied to ${first}${others}: ${message}`,
      object: { kind: 'EnvoyFilter', namespace: patch.namespace, name: patch.name },
      path: ['spec', 'configPatches', patch.index],
    };
  });
}
