import { deepEqual } from '../../lib/deep-equal.ts';
import { formatPath } from '../../model/issue.ts';
import { isJsonObject } from '../../schema/field/free-json.ts';

/** Written by API servers and controllers at every change. */
const bookkeeping = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp'];

/** Where two versions of an object differ, other than in bookkeeping and status: `spec.replicas`, ... */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  const found: string[] = [];
  compare(withoutStatus(before), withoutStatus(after), [], found);
  return found;
}

function withoutStatus(object: unknown): unknown {
  if (!isJsonObject(object)) return object;
  const { status: _status, metadata, ...rest } = object;
  if (!isJsonObject(metadata)) return rest;
  return { ...rest, metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !bookkeeping.includes(key))) };
}

function compare(before: unknown, after: unknown, path: readonly (string | number)[], found: string[]): void {
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) compare(before[key], after[key], [...path, key], found);
  } else if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [i, item] of before.entries()) compare(item, after[i], [...path, i], found);
  } else if (!deepEqual(before, after)) found.push(formatPath(path));
}
