import type { Field } from '../../src/schema/field/field.ts';
import { hasFields } from '../../src/schema/field-remarks/field-paths.ts';

/** A place in a value where a field is set. */
export interface Occurrence {
  /** As `fieldPaths` writes it. */
  readonly path: string;
  readonly steps: readonly (string | number)[];
  readonly field: Field;
}

/** Every place in the value where an innermost field is set. */
export function occurrences(field: Field, value: unknown): readonly Occurrence[] {
  const found: Occurrence[] = [];
  collect(field, value, '', [], found);
  return found;
}

function collect(field: Field, value: unknown, path: string, steps: readonly (string | number)[], found: Occurrence[]): void {
  const shape = field.type === 'lazy' ? field.get() : field;
  if (shape.type === 'object' && Object.keys(shape.fields).length > 0 && isRecord(value)) {
    for (const [name, member] of Object.entries(shape.fields))
      if (value[name] !== undefined) collect(member, value[name], path === '' ? name : `${path}.${name}`, [...steps, name], found);
  } else if (shape.type === 'list' && hasFields(shape.item) && Array.isArray(value)) {
    for (const [i, item] of value.entries()) collect(shape.item, item, `${path}[]`, [...steps, i], found);
  } else if (shape.type === 'map' && hasFields(shape.value) && isRecord(value)) {
    for (const key of Object.keys(value)) collect(shape.value, value[key], `${path}.*`, [...steps, key], found);
  } else found.push({ path, steps, field: shape });
}

/** The value with another one at the place; undefined takes the field away. */
export function replaceAt(value: unknown, steps: readonly (string | number)[], replacement: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? replaceAt(item, rest, replacement) : item));
  if (!isRecord(value)) return value;
  const next = replaceAt(value[step], rest, replacement);
  const { [step]: _, ...others } = value;
  return next === undefined
    ? others
    : Object.fromEntries(Object.entries(value).map(([key, old]) => [key, key === String(step) ? next : old]));
}

export function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step], value);
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
