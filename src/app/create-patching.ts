import type { EnvoyProtos } from '../envoy/protos.ts';
import type { MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { EnvoyFilter } from '../schema/envoy-filter/envoy-filter.ts';
import { PatchOutcomes } from '../xds/patches/patch-outcomes.ts';
import { patchSets } from '../xds/patches/patch-sets.ts';
import type { Patching } from '../xds/views/patching.ts';

/** What EnvoyFilters are applied with. */
export function createPatching(engine: Engine, objects: MapCell<ConfigObject<EnvoyFilter>>, protos: EnvoyProtos): Patching {
  const outcomes = new PatchOutcomes(engine);
  return { codec: protos, outcomes, sets: patchSets(engine, objects, { codec: protos, outcomes }), provenance: new WeakMap() };
}
