import type { MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { MergeRule } from '../registry/merge/merge-rules.ts';
import { hostKey } from '../schema/mesh-registries/merge-entry.ts';
import type { MeshRegistries } from '../schema/mesh-registries/mesh-registries.ts';

/** What `MeshRegistries` documents say of single hosts; of two documents about one host the first by name counts. */
export function mergeRules(engine: Engine, documents: MapCell<ConfigObject<MeshRegistries>>): MapCell<MergeRule> {
  return engine.flatMap(
    documents,
    ({ spec }) =>
      (spec.merge ?? []).map((entry) => [hostKey(entry), { mode: entry.mode ?? 'union', with: (entry.with ?? []).map(hostKey) }]),
    deepEqual,
  );
}
