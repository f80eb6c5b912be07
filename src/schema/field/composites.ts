import type {
  AnyValueShape,
  CelRule,
  Check,
  Field,
  Infer,
  LazyShape,
  ListShape,
  MapShape,
  ObjectShape,
  OneOf,
  StructShape,
  Typed,
} from './field.ts';

/** The composite fields of the schema language: lists, maps, objects, and JSON of any content. */

/** The same field, but it must be there. */
export function required<F extends Field>(field: F): Omit<F, 'required'> & Typed<Infer<F>, true> {
  return { ...field, required: true } as unknown as Omit<F, 'required'> & Typed<Infer<F>, true>;
}

/** The same field with rules for the API server, on top of those it has. */
export function withRules<F extends Field>(field: F, rules: readonly CelRule[]): F {
  return { ...field, rules: [...(field.rules ?? []), ...rules] };
}

interface ListLimits {
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly keys?: readonly string[];
}

export function list<F extends Field>(item: F, limits: ListLimits = {}): ListShape & Typed<readonly Infer<F>[], false> {
  return { type: 'list', item, ...limits, required: false };
}

interface MapLimits {
  readonly minEntries?: number;
  readonly maxEntries?: number;
  readonly checkKey?: Check<string>;
}

/** Keys are any text; values of one kind. Parsed into an object without prototype, so that no key is special. */
export function map<F extends Field>(value: F, limits: MapLimits = {}): MapShape & Typed<Readonly<Record<string, Infer<F>>>, false> {
  return { type: 'map', value, ...limits, required: false };
}

type Fields = Readonly<Record<string, Field>>;
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K]['required'] extends true ? K : never }[keyof F];

/** The value of an object with these fields: every property readonly, what is not required may be absent. */
export type InferFields<F extends Fields> = {
  readonly [K in keyof F as K extends RequiredKeys<F> ? K : never]: Infer<F[K]>;
} & {
  readonly [K in keyof F as K extends RequiredKeys<F> ? never : K]?: Infer<F[K]>;
} extends infer O
  ? { readonly [K in keyof O]: O[K] }
  : never;

interface ObjectOptions<K> {
  /** Groups of fields of which at most one may be set. */
  readonly atMostOneOf?: readonly (readonly K[])[];
  /** Groups of fields of which exactly one must be set. */
  readonly exactlyOneOf?: readonly (readonly K[])[];
}

export function object<const F extends Fields>(
  fields: F,
  options: ObjectOptions<keyof F & string> = {},
): ObjectShape & Typed<InferFields<F>, false> {
  const oneOf: OneOf[] = [];
  for (const group of options.atMostOneOf ?? []) oneOf.push({ fields: group, required: false });
  for (const group of options.exactlyOneOf ?? []) oneOf.push({ fields: group, required: true });
  return { type: 'object', fields, oneOf, required: false };
}

/** A JSON object of any content. */
export function struct(): StructShape & Typed<Readonly<Record<string, unknown>>, false> {
  return { type: 'struct', required: false };
}

/** Any JSON value. */
export function anyValue(): AnyValueShape & Typed<unknown, false> {
  return { type: 'anyValue', required: false };
}

/** A field named before it exists; the caller states its type, because inference cannot run in circles. */
export function lazy<T>(get: () => Field<T>): LazyShape & Typed<T, false> {
  return { type: 'lazy', get, required: false };
}
