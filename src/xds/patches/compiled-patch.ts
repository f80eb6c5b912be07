import type { EnvoyObjectMatch, EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';
import type { Plain } from './patch-codec.ts';

export type ApplyTo = NonNullable<EnvoyObjectPatch['applyTo']>;
export type PatchOperation = NonNullable<NonNullable<EnvoyObjectPatch['patch']>['operation']>;
/** The part of a proxy that is being made. */
export type PatchContext = 'SIDECAR_INBOUND' | 'SIDECAR_OUTBOUND' | 'GATEWAY';

/** One of an EnvoyFilter's `configPatches`: what provenance and reports name. */
export interface PatchRef {
  readonly namespace: string;
  readonly name: string;
  /** Place in `configPatches`. */
  readonly index: number;
}

/** A patch with its value as a message. */
export interface CompiledPatch extends PatchRef {
  readonly applyTo: ApplyTo;
  readonly operation: PatchOperation;
  readonly match: EnvoyObjectMatch;
  /** Only a removal may have none. */
  readonly value?: Plain;
}

/** The patches of one area in order, by what they apply to. One object as long as nothing about them changes: a key of memos. */
export type PatchSet = ReadonlyMap<ApplyTo, readonly CompiledPatch[]>;

/** Whether the value is merged into what is there; other operations than these two are not. */
export function isMerge({ operation }: CompiledPatch): boolean {
  return operation === 'MERGE' || operation === 'MERGE_AND_REPLACE_LIST';
}
