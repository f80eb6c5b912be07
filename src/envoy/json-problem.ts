/** What is wrong with a message that somebody wrote as JSON. */
export interface JsonProblem {
  /** From the root of the JSON. */
  readonly path: readonly (string | number)[];
  /** Starts where the path ends: "is not a duration". */
  readonly message: string;
  /**
   * `unknown`: a field, an enum's value or a type that the loaded protobufs do not have; it was left out, a newer Envoy may know it.
   * `invalid`: no Envoy takes it.
   */
  readonly kind: 'unknown' | 'invalid';
}

export interface ReadMessage {
  /** A plain message with what could be read. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly problems: readonly JsonProblem[];
}
