import type {
  BoolShape,
  BytesShape,
  Check,
  ChoiceShape,
  DurationShape,
  IntOrStringShape,
  NumberShape,
  QuantityShape,
  StringShape,
  Typed,
} from './field.ts';

/** The scalar fields of the schema language. Each is optional unless `required: true` is given. */

interface Presence<R extends boolean> {
  readonly required?: R;
}

interface StringLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly check?: Check<string>;
}

export function string<const R extends boolean = false>(options: StringLimits & Presence<R> = {}): StringShape & Typed<string, R> {
  return { type: 'string', ...options, required: isRequired(options) };
}

/** An enum of upper-case texts (or whatever its values are), kept as text. */
export function choice<const V extends string, const R extends boolean = false>(
  values: readonly V[],
  options: Presence<R> = {},
): ChoiceShape & Typed<V, R> {
  return { type: 'choice', values, required: isRequired(options) };
}

export function bool<const R extends boolean = false>(options: Presence<R> = {}): BoolShape & Typed<boolean, R> {
  return { type: 'bool', required: isRequired(options) };
}

interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number; without limits anything that JavaScript holds exactly. */
export function int<const R extends boolean = false>(options: NumberLimits & Presence<R> = {}): NumberShape & Typed<number, R> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return { type: 'number', integer: true, min, max, required: isRequired(options) };
}

export function int32<const R extends boolean = false>(options: NumberLimits & Presence<R> = {}): NumberShape & Typed<number, R> {
  return int({ min: -2147483648, max: 2147483647, ...options });
}

export function uint32<const R extends boolean = false>(options: NumberLimits & Presence<R> = {}): NumberShape & Typed<number, R> {
  return int({ min: 0, max: 4294967295, ...options });
}

export function number<const R extends boolean = false>(options: NumberLimits & Presence<R> = {}): NumberShape & Typed<number, R> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options;
  return { type: 'number', integer: false, min, max, required: isRequired(options) };
}

interface DurationLimits {
  readonly minMs?: number;
  readonly maxMs?: number;
}

export function duration<const R extends boolean = false>(options: DurationLimits & Presence<R> = {}): DurationShape & Typed<string, R> {
  return { type: 'duration', ...options, required: isRequired(options) };
}

export function quantity<const R extends boolean = false>(options: Presence<R> = {}): QuantityShape & Typed<string | number, R> {
  return { type: 'quantity', required: isRequired(options) };
}

export function intOrString<const R extends boolean = false>(
  options: NumberLimits & Presence<R> = {},
): IntOrStringShape & Typed<number | string, R> {
  return { type: 'intOrString', ...options, required: isRequired(options) };
}

/** Base64 text; stays text. */
export function bytes<const R extends boolean = false>(options: Presence<R> = {}): BytesShape & Typed<string, R> {
  return { type: 'bytes', required: isRequired(options) };
}

function isRequired<R extends boolean>(options: Presence<R>): R {
  return (options.required ?? false) as R;
}
