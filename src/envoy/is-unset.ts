import type { Field } from './type-registry.ts';

/** Zero where presence is not tracked, and what is empty: not there, in protobuf's view. */
export function isUnset(field: Field, value: unknown): boolean {
  if (field.label === 'repeated') return (value as readonly unknown[]).length === 0;
  if (field.label === 'map') return Object.keys(value as object).length === 0;
  if (field.explicit || field.kind === 'message') return false;
  if (field.enumType !== undefined) return value === 0 || field.enumType.byName.get(value as string) === 0;
  return value === 0 || value === false || value === '' || value === '0';
}
