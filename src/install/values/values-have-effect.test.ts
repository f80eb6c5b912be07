import { expect, it } from 'vitest';
import type { Field } from '../../schema/field/field.ts';
import { baseTemplates, systemNamespace } from '../base/base-templates.ts';
import { controlPlaneTemplates } from '../control-plane/control-plane-templates.ts';
import { gatewayTemplates } from '../gateway/gateway-templates.ts';
import { valueTable } from './value-table.ts';
import { withoutEffect } from './values-without-effect.ts';

/** Every path that is stated anywhere in a template. */
function pathsOf(template: unknown): readonly string[] {
  if (typeof template !== 'object' || template === null) return [];
  const own = 'path' in template && typeof template.path === 'string' ? [template.path] : [];
  return [...own, ...Reflect.ownKeys(template).flatMap((key) => pathsOf((template as Readonly<Record<PropertyKey, unknown>>)[key]))];
}

/** Paths of values, down to those that hold no named values themselves. */
function leavesOf(field: Field, path: string, ignored: object): readonly string[] {
  if (field.type !== 'object' || path.endsWith('resources')) return [path];
  const names = Object.keys(field.fields).filter((name) => !Object.hasOwn(ignored, name));
  return names.flatMap((name) =>
    leavesOf(field.fields[name]!, `${path}.${name}`, { ...withoutEffect.proxy, ...withoutEffect.multiCluster }),
  );
}

it('every value of the control plane that is taken changes something, or is listed as one that does not', () => {
  const used = new Set(pathsOf([systemNamespace, ...baseTemplates, ...controlPlaneTemplates, ...gatewayTemplates]));
  const { pilot, global } = valueTable.fields;
  const taken = [...leavesOf(pilot!, 'pilot', withoutEffect.pilot), ...leavesOf(global!, 'global', withoutEffect.global)];
  expect(taken.filter((path) => !used.has(path))).toEqual([]);
  expect(taken.length).toBeGreaterThan(30);
});
