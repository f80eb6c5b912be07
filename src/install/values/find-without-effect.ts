import type { Field } from '../../schema/field/field.ts';
import { isJsonObject } from '../../schema/field/free-json.ts';
import { operatorTable } from './value-table.ts';
import { withoutEffect } from './values-without-effect.ts';

const ignored: ReadonlySet<Field> = new Set(Object.values(withoutEffect).flatMap((fields) => Object.values<Field>(fields)));

/** Whether a value of this field changes nothing here. */
export function isWithoutEffect(field: Field): boolean {
  return ignored.has(field);
}

/** Paths of what a user states that Istio has and that changes nothing here. */
export function findWithoutEffect(stated: unknown, field: Field = operatorTable, path = ''): readonly string[] {
  if (isWithoutEffect(field)) return [path];
  if (field.type === 'list' && Array.isArray(stated))
    return stated.flatMap((item, index) => findWithoutEffect(item, field.item, `${path}[${index}]`));
  if (field.type !== 'object' || !isJsonObject(stated)) return [];
  return Object.entries(stated).flatMap(([name, value]) => {
    const own = field.fields[name];
    return own === undefined || value === undefined ? [] : findWithoutEffect(value, own, path === '' ? name : `${path}.${name}`);
  });
}
