import type { Issue } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';

/** What is to be said about one object, in its status. */
export interface ObjectFacts {
  readonly ref: ObjectRef;
  /** Errors and warnings of validation and analysis. */
  readonly issues: readonly Issue[];
  /** What proxies refuse of what came of it; several where they refuse for different reasons. */
  readonly refusals: readonly Refusal[];
}

/** Something that proxies refuse, and the objects that may have led to it. */
export interface Refusal {
  /** Envoy's words. */
  readonly message: string;
  /** One where it could be told, else all that come into question. */
  readonly suspects: readonly Suspect[];
  /** Some of the proxies, as `name.namespace`, in order. */
  readonly proxies: readonly string[];
  /** All of them. */
  readonly count: number;
}

export interface Suspect {
  readonly ref: ObjectRef;
  /** The field that Envoy's words speak of, from the object's root; empty where they speak of none. */
  readonly path: readonly (string | number)[];
}
