import type { PatchRef } from '../patches/compiled-patch.ts';

/** One xDS resource, encoded once and shared by every proxy that is sent it. */
export interface EncodedResource {
  readonly name: string;
  /** Content hash of `any`: equal bytes, equal version, in every process. */
  readonly version: string;
  /** The bytes of a `google.protobuf.Any` that holds the resource. */
  readonly any: Uint8Array;
  /** The patches of EnvoyFilters that made it what it is; not in the bytes. */
  readonly patchedBy?: readonly PatchRef[];
}

/** The equality of cells that hold resources: bytes decide. */
export function sameResource(a: EncodedResource | null, b: EncodedResource | null): boolean {
  return a === b || (a !== null && b !== null && a.version === b.version && a.name === b.name);
}
