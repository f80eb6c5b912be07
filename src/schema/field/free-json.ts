import { maxDepth, type ParseContext, shorten } from './parse-context.ts';

/** JSON of any content: what it is called in messages, and how it is copied safely. */

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `the number 5`, `a list`: a wrong value as messages name it. */
export function describeJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `the text "${shorten(value)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : `a ${typeof value}`;
}

/** A copy in which objects have no prototype; too deep a nesting is an error of the context. */
export function copyJson(value: unknown, context: ParseContext): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => within(i, context, () => copyJson(item, context)));
  }
  if (isJsonObject(value)) return copyJsonObject(value, context);
  return value;
}

export function copyJsonObject(value: Readonly<Record<string, unknown>>, context: ParseContext): Readonly<Record<string, unknown>> {
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) copy[key] = within(key, context, () => copyJson(value[key], context));
  return copy;
}

function within(step: string | number, context: ParseContext, copy: () => unknown): unknown {
  if (context.path.length >= maxDepth) return context.error('is nested too deeply');
  context.path.push(step);
  const result = copy();
  context.path.pop();
  return result;
}
