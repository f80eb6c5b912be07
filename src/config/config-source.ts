import type { ConfigObject } from '../model/config-object.ts';
import type { Issue, Position } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { MeshDocumentKey, StatedText } from './mesh-documents.ts';

/** Where objects come from: a directory, the API server, ... It parses, validates and feeds the ConfigController. */
export interface ConfigSource {
  readonly name: string;
  /** Reads everything once, then watches until the signal; resolves when the first reading is complete. */
  start(sink: ConfigSink, signal: AbortSignal): Promise<void>;
  hasSynced(): boolean;
  /** Place of a field of an object, found when asked for: errors and explain need it, the bytes never hold it. */
  positionOf(object: ObjectRef, path: readonly (string | number)[]): Position | undefined;
  /** The text of a line that `positionOf` has told of; absent where a source holds no texts. */
  lineAt?(position: Position): string | undefined;
}

/** What the ConfigController gives to each source: the only way in. */
export interface ConfigSink {
  /** Everything in one update becomes one revision of the engine. */
  apply(update: ConfigUpdate): void;
}

export interface ConfigUpdate {
  /** Changed objects of this source; each is handed over whole, or as undefined when the source has it no more. */
  readonly objects?: readonly ObjectChange[];
  /** By a key of the source's choice (a file, an object): the list replaces what stood under the key before. */
  readonly issues?: ReadonlyMap<string, readonly Issue[]>;
  /** YAML texts about the mesh as a whole; null: this source says nothing about it any more. */
  readonly documents?: Readonly<Partial<Record<MeshDocumentKey, StatedText | null>>>;
}

export interface ObjectChange {
  readonly ref: ObjectRef;
  readonly object: ConfigObject | undefined;
}
