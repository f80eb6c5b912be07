import type { JsonProblem } from '../../envoy/json-problem.ts';

export type Plain = Readonly<Record<string, unknown>>;

/** What patching must know of messages, handed in: these rooms know only their types. */
export interface PatchCodec {
  /** A message of the named type that a user wrote as JSON. */
  readonly readJson: (
    typeName: string,
    json: unknown,
    keepUnknown: boolean,
  ) => { readonly message: Plain; readonly problems: readonly JsonProblem[] };
  /** The first constraint of its .proto that a message breaks; undefined: none. */
  readonly constraintFault: (
    typeName: string,
    message: Plain,
  ) => { readonly path: readonly (string | number)[]; readonly message: string } | undefined;
  /** `from` merged into `into` as protobuf merges. */
  readonly merge: (typeName: string, into: Plain, from: Plain, lists: 'append' | 'replace') => Plain;
  /** The same of what is inside of two Any; undefined where they cannot be merged. */
  readonly mergeInside: (into: Plain, from: Plain) => Plain | undefined;
  /** The message inside of the bytes of an Any. */
  readonly decodeAny: (bytes: Uint8Array) => Plain;
}
