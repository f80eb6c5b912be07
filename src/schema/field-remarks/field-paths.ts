import type { Field } from '../field/field.ts';

/**
 * The fields of a structure as text: `http[].match[].uri.exact`; `[]` stands for the items of a list, `*` for the keys of a map.
 * What has no fields of its own is one path: a scalar, a list or map of scalars, JSON of any content, an object without fields.
 */
export interface FieldPath {
  readonly path: string;
  readonly field: Field;
}

/** Every innermost field, in the order of the schema. A structure that contains itself is followed once. */
export function fieldPaths(root: Field): readonly FieldPath[] {
  const found: FieldPath[] = [];
  collect(root, '', new Set(), found);
  return found;
}

function collect(field: Field, path: string, around: ReadonlySet<Field>, found: FieldPath[]): void {
  const shape = field.type === 'lazy' ? field.get() : field;
  if (around.has(shape)) return;
  const inner = new Set([...around, shape]);
  if (shape.type === 'object' && Object.keys(shape.fields).length > 0) {
    for (const [name, member] of Object.entries(shape.fields)) collect(member, path === '' ? name : `${path}.${name}`, inner, found);
  } else if (shape.type === 'list' && hasFields(shape.item)) collect(shape.item, `${path}[]`, inner, found);
  else if (shape.type === 'map' && hasFields(shape.value)) collect(shape.value, `${path}.*`, inner, found);
  else found.push({ path, field: shape });
}

/** Whether values hold fields with names of their own. */
export function hasFields(field: Field): boolean {
  const shape = field.type === 'lazy' ? field.get() : field;
  if (shape.type === 'object') return Object.keys(shape.fields).length > 0;
  if (shape.type === 'list') return hasFields(shape.item);
  return shape.type === 'map' && hasFields(shape.value);
}
