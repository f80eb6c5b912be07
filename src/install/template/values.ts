import { isJsonObject } from '../../schema/field/free-json.ts';

/** The values of an installation: a tree under Istio's names. */
export type Values = Readonly<Record<string, unknown>>;

/** What is at a path such as `pilot.replicaCount`; undefined where anything on the way is missing. */
export function valueAt(values: Values, path: string): unknown {
  let found: unknown = values;
  for (const step of path.split('.')) {
    if (!isJsonObject(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}

/** Empty in the sense of Helm's `if`. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** `over` laid over `base`: maps are joined to any depth, everything else is replaced; null takes a value away. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const key of Object.keys(over)) {
    const above = over[key];
    const below = merged[key];
    if (above === null) delete merged[key];
    else merged[key] = isJsonObject(above) ? mergeValues(isJsonObject(below) ? below : {}, above) : above;
  }
  return merged;
}
