import { formatPath } from '../../model/issue.ts';
import { closestOf } from './did-you-mean.ts';
import type { Field, ObjectShape, OneOf } from './field.ts';
import type { ParseContext } from './parse-context.ts';

type ParseValue = (field: Field, value: unknown, context: ParseContext) => unknown;

/** Parses the fields of an object: names are found or reported, null counts as absent, required fields and oneofs hold. */
export function parseObjectFields(
  shape: ObjectShape,
  value: Readonly<Record<string, unknown>>,
  context: ParseContext,
  parseValue: ParseValue,
): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  const given = new Set<string>();
  context.around.push({ shape, pathLength: context.path.length });
  for (const key of Object.keys(value)) {
    const name = fieldName(shape, key, context);
    if (name === undefined) {
      if (context.dialect !== 'lenient') context.warnUnknown(key, hintFor(key, shape, context));
      continue;
    }
    if (value[key] === null || value[key] === undefined) continue;
    if (given.has(name)) {
      context.errorAt(key, `is given twice, as "${name}" too`);
      continue;
    }
    given.add(name);
    context.path.push(key);
    const parsed = parseValue(shape.fields[name]!, value[key], context);
    if (parsed !== undefined) fields[name] = parsed;
    context.path.pop();
  }
  context.around.pop();
  for (const name in shape.fields) {
    if (shape.fields[name]!.required && !given.has(name)) context.errorAt(name, 'is required');
  }
  for (const group of shape.oneOf) checkOneOf(group, given, context);
  return fields;
}

function fieldName(shape: ObjectShape, key: string, context: ParseContext): string | undefined {
  if (Object.hasOwn(shape.fields, key)) return key;
  if (context.dialect !== 'proto' || !key.includes('_')) return undefined;
  const camel = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(shape.fields, camel) ? camel : undefined;
}

function checkOneOf(group: OneOf, given: ReadonlySet<string>, context: ParseContext): void {
  const set = group.fields.filter((name) => given.has(name));
  if (set.length > 1) context.error(`only one of ${group.fields.join(', ')} may be set, not ${set.join(' and ')}`);
  if (set.length === 0 && group.required) context.error(`one of ${group.fields.join(', ')} must be set`);
}

/** Looks for the right name beside, then the same name one level down or in the objects around. */
function hintFor(key: string, shape: ObjectShape, context: ParseContext): string | undefined {
  const close = closestOf(key.replaceAll('_', ''), Object.keys(shape.fields));
  if (close !== undefined) return `did you mean "${close}"?`;
  for (const name in shape.fields) {
    const inner = objectInside(shape.fields[name]!);
    if (inner && Object.hasOwn(inner.fields, key)) return `"${key}" is a field of "${name}"`;
  }
  for (let i = context.around.length - 2; i >= 0; i--) {
    const { shape: outer, pathLength } = context.around[i]!;
    if (Object.hasOwn(outer.fields, key)) return `"${key}" is a field of "${formatPath(context.path.slice(0, pathLength))}"`;
  }
  return undefined;
}

function objectInside(field: Field): ObjectShape | undefined {
  if (field.type === 'object') return field;
  if (field.type === 'list') return objectInside(field.item);
  return undefined;
}
