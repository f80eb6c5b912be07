import type { Issue } from '../../model/issue.ts';
import type { Field, Infer, ListShape, MapShape } from './field.ts';
import { copyJson, copyJsonObject, describeJson, isJsonObject } from './free-json.ts';
import { type Dialect, maxDepth, ParseContext, type Path } from './parse-context.ts';
import { parseObjectFields } from './parse-object-fields.ts';
import { parseScalar } from './parse-scalar.ts';

/** What became of a value: `value` is there when no issue is an error. */
export interface Parsed<T> {
  readonly value?: T;
  readonly issues: readonly Issue[];
}

/**
 * Checks a JSON value against a field and returns it in the field's type: unknown fields dropped with a warning,
 * everything else that does not fit an error with its path. Never throws, whatever the value.
 */
export function parseSpec<F extends Field>(field: F, value: unknown, path: Path = ['spec'], dialect: Dialect = 'proto'): Parsed<Infer<F>> {
  const context = new ParseContext(dialect, path);
  const parsed = parseValue(field, value, context);
  return context.errors === 0 ? { value: parsed as Infer<F>, issues: context.issues } : { issues: context.issues };
}

/** Parses one value; undefined after an error, which is then in the context. */
export function parseValue(field: Field, value: unknown, context: ParseContext): unknown {
  if (context.path.length > maxDepth) return context.error('is nested too deeply');
  switch (field.type) {
    case 'list':
      return parseList(field, value, context);
    case 'map':
      return parseMap(field, value, context);
    case 'object':
      if (!isJsonObject(value)) return context.error(`must be an object, not ${describeJson(value)}`);
      return parseObjectFields(field, value, context, parseValue);
    case 'struct':
      if (!isJsonObject(value)) return context.error(`must be an object, not ${describeJson(value)}`);
      return copyJsonObject(value, context);
    case 'anyValue':
      return copyJson(value, context);
    case 'lazy':
      return parseValue(field.get(), value, context);
    default:
      return parseScalar(field, value, context);
  }
}

function parseList(shape: ListShape, value: unknown, context: ParseContext): unknown {
  if (!Array.isArray(value)) return context.error(`must be a list, not ${describeJson(value)}`);
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = shape;
  if (value.length < minItems) context.error(`must have at least ${minItems} ${minItems === 1 ? 'item' : 'items'}`);
  if (value.length > maxItems) return context.error(`must have at most ${maxItems} items, not ${value.length}`);
  const items: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    context.path.push(i);
    items.push(parseValue(shape.item, value[i], context));
    context.path.pop();
  }
  return items;
}

function parseMap(shape: MapShape, value: unknown, context: ParseContext): unknown {
  if (!isJsonObject(value)) return context.error(`must be a map, not ${describeJson(value)}`);
  const keys = Object.keys(value);
  const { minEntries = 0, maxEntries = Number.POSITIVE_INFINITY } = shape;
  if (keys.length < minEntries) context.error(`must have at least ${minEntries} ${minEntries === 1 ? 'entry' : 'entries'}`);
  if (keys.length > maxEntries) return context.error(`must have at most ${maxEntries} entries, not ${keys.length}`);
  const entries: Record<string, unknown> = Object.create(null);
  for (const key of keys) {
    const wrongKey = shape.checkKey?.(key);
    if (wrongKey !== undefined) context.errorAt(key, wrongKey);
    if (value[key] === null) continue;
    context.path.push(key);
    entries[key] = parseValue(shape.value, value[key], context);
    context.path.pop();
  }
  return entries;
}
