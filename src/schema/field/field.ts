/** What a field of a configuration kind can be: plain data that is parsed against, described as OpenAPI and listed. */
export type Field<T = unknown, R extends boolean = boolean> = FieldShape & Typed<T, R>;

declare const valueType: unique symbol;

/** Carries the TypeScript type of a field's values; exists in types only. */
export interface Typed<T, R extends boolean = boolean> {
  readonly [valueType]?: () => T;
  readonly required: R;
  /** What an API server checks besides the structure; our own validation has the same rules as code. */
  readonly rules?: readonly CelRule[];
}

/** A rule of a CustomResourceDefinition (`x-kubernetes-validations`); the message is Istio's where Istio has the rule. */
export interface CelRule {
  /** An expression of the Common Expression Language about `self`, the field's value. */
  readonly rule: string;
  readonly message: string;
}

/** The TypeScript type of the values that a field accepts. */
export type Infer<F> = F extends Typed<infer T> ? T : never;

export type FieldShape =
  | StringShape
  | ChoiceShape
  | BoolShape
  | NumberShape
  | DurationShape
  | QuantityShape
  | IntOrStringShape
  | BytesShape
  | ListShape
  | MapShape
  | ObjectShape
  | StructShape
  | AnyValueShape
  | LazyShape;

/** Says what is wrong with a value, as the end of a sentence that starts with the field's name; undefined where nothing is. */
export interface Check<T> {
  (value: T): string | undefined;
  /** The same as a regular expression, where the check is one. */
  readonly pattern?: string;
}

export interface StringShape {
  readonly type: 'string';
  /** In Unicode code points, as OpenAPI counts. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly check?: Check<string>;
}

/** An enum: one of a few texts. */
export interface ChoiceShape {
  readonly type: 'choice';
  readonly values: readonly string[];
}

export interface BoolShape {
  readonly type: 'bool';
}

export interface NumberShape {
  readonly type: 'number';
  readonly integer: boolean;
  readonly min: number;
  readonly max: number;
}

/** A length of time in the syntax of Go's time.ParseDuration ("1h30m", "0.5s"), which Istio's CRDs use. */
export interface DurationShape {
  readonly type: 'duration';
  /** Smallest accepted, in milliseconds. */
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A Kubernetes resource.Quantity ("500m", "1Gi", 2). */
export interface QuantityShape {
  readonly type: 'quantity';
}

export interface IntOrStringShape {
  readonly type: 'intOrString';
  /** Limits of a number; a text has none. */
  readonly min?: number;
  readonly max?: number;
}

/** Base64 text. */
export interface BytesShape {
  readonly type: 'bytes';
}

export interface ListShape {
  readonly type: 'list';
  readonly item: Field;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** The fields of an item by which the API server tells items apart: no two may be equal in all of them. */
  readonly keys?: readonly string[];
}

export interface MapShape {
  readonly type: 'map';
  readonly value: Field;
  readonly minEntries?: number;
  readonly maxEntries?: number;
  readonly checkKey?: Check<string>;
}

export interface ObjectShape {
  readonly type: 'object';
  readonly fields: Readonly<Record<string, Field>>;
  readonly oneOf: readonly OneOf[];
}

/** Fields of which at most one may be set, and at least one where `required`. */
export interface OneOf {
  readonly fields: readonly string[];
  readonly required: boolean;
}

/** A JSON object of any content (google.protobuf.Struct). */
export interface StructShape {
  readonly type: 'struct';
}

/** Any JSON value (google.protobuf.Value). */
export interface AnyValueShape {
  readonly type: 'anyValue';
}

/** A field that is looked up when it is needed, for structures that contain themselves. */
export interface LazyShape {
  readonly type: 'lazy';
  readonly get: () => Field;
}
