import type { Issue } from '../../model/issue.ts';
import { issueCodes } from '../issue-codes.ts';
import { fieldPaths } from './field-paths.ts';
import { type FieldOwner, type FieldRemark, warnedStates } from './field-remark.ts';
import { fieldRemarks, remarkAbout, structureOf } from './field-remarks.ts';

interface WarnedField {
  readonly steps: readonly string[];
  readonly remark: FieldRemark;
}

const owners = [...new Set(fieldRemarks.filter(isWarned).map(({ owner }) => owner))];
const warned: ReadonlyMap<string, readonly WarnedField[]> = new Map(owners.map((owner) => [owner, warnedFields(owner)]));

/** A warning for each field that is set in the value and changes nothing; one where it begins, whatever is set below it. */
export function issuesOfFields(owner: string, value: unknown, root: readonly string[]): readonly Issue[] {
  return (warned.get(owner) ?? []).flatMap(({ steps, remark }) =>
    placesOf(value, steps).map((place) => ({
      code: issueCodes.withoutEffect,
      severity: 'warning',
      message: remark.says,
      path: [...root, ...place],
    })),
  );
}

function isWarned({ state, isToldElsewhere }: FieldRemark): boolean {
  return warnedStates.includes(state) && isToldElsewhere !== true;
}

/** What each remark means in the schema, cut off where the remark's own path ends. */
function warnedFields(owner: FieldOwner): readonly WarnedField[] {
  const found = new Map<string, WarnedField>();
  for (const { path } of fieldPaths(structureOf(owner))) {
    const remark = remarkAbout(owner, path);
    if (remark === undefined || !isWarned(remark)) continue;
    const start = beginning(remark, path);
    found.set(start, { steps: stepsOf(start), remark });
  }
  return [...found.values()];
}

function beginning({ paths }: FieldRemark, path: string): string {
  for (const covering of paths) {
    const bare = covering.replace(/^\*\*\./, '');
    const at = covering === bare ? 0 : path.indexOf(bare);
    if (at >= 0 && path.startsWith(bare, at)) return path.slice(0, at + bare.length);
  }
  return path;
}

/** `http[].match` -> http, [], match. */
function stepsOf(path: string): readonly string[] {
  return path.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), '[]'] : [step]));
}

function placesOf(value: unknown, steps: readonly string[]): readonly (readonly (string | number)[])[] {
  const [step, ...rest] = steps;
  if (value === undefined || value === null) return [];
  if (step === undefined) return [[]];
  if (step === '[]') return Array.isArray(value) ? value.flatMap((item, i) => placesOf(item, rest).map((place) => [i, ...place])) : [];
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  const record = value as Readonly<Record<string, unknown>>;
  const keys = step === '*' ? Object.keys(record) : [step];
  return keys.flatMap((key) => placesOf(record[key], rest).map((place) => [key, ...place]));
}
