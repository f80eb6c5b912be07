import type { PatchRef } from '../patches/compiled-patch.ts';
import type { PatchCodec } from '../patches/patch-codec.ts';
import type { PatchOutcomes } from '../patches/patch-outcomes.ts';
import type { PatchSets } from '../patches/patch-sets.ts';

/** What the patches of EnvoyFilters are applied with. */
export interface Patching {
  readonly codec: PatchCodec;
  readonly outcomes: PatchOutcomes;
  readonly sets: PatchSets;
  /** Which patches made tables and virtual hosts what they are. */
  readonly provenance: WeakMap<object, readonly PatchRef[]>;
}
