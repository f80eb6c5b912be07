import type { Position } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';

/** Where objects come from: a directory, the API server, ... It parses, validates and feeds the ConfigController. */
export interface ConfigSource {
  readonly name: string;
  /** Reads everything once, then watches until the signal; resolves when the first reading is complete. */
  start(signal: AbortSignal): Promise<void>;
  hasSynced(): boolean;
  /** Place of a field of an object, found when asked for: errors and explain need it, the bytes never hold it. */
  positionOf(object: ObjectRef, path: readonly (string | number)[]): Position | undefined;
}
