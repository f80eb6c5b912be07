import type { EnvoyProtos, TypedMessage } from '../envoy/protos.ts';
import type { MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { EnvoyFilter } from '../schema/envoy-filter/envoy-filter.ts';
import type { PatchCodec } from '../xds/patches/patch-codec.ts';
import { PatchOutcomes } from '../xds/patches/patch-outcomes.ts';
import { patchSets } from '../xds/patches/patch-sets.ts';
import type { Patching } from '../xds/views/patching.ts';

/** What EnvoyFilters are applied with. */
export function createPatching(engine: Engine, objects: MapCell<ConfigObject<EnvoyFilter>>, protos: EnvoyProtos): Patching {
  const codec: PatchCodec = {
    readJson: (typeName, json, keepUnknown) => protos.readJson(typeName, json, keepUnknown),
    constraintFault: (typeName, message) => protos.constraintFault(typeName, message),
    merge: (typeName, into, from, lists) => protos.merge(typeName, into, from, lists),
    mergeInside: (into, from) => protos.mergeInside(into, from),
    decodeAny: (bytes) => ({ ...protos.decodeAny<TypedMessage>(bytes) }),
  };
  const outcomes = new PatchOutcomes(engine);
  return { codec, outcomes, sets: patchSets(engine, objects, { codec, outcomes }), provenance: new WeakMap() };
}
