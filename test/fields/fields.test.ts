import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fieldPaths } from '../../src/schema/field-remarks/field-paths.ts';
import { covers } from '../../src/schema/field-remarks/field-remark.ts';
import { fieldRemarks, remarkAbout, structureOf } from '../../src/schema/field-remarks/field-remarks.ts';
import { goldenCases } from '../harness/golden-case.ts';
import { consequences, fieldTable, owners } from './field-table.ts';
import { addWitnesses, type Shown } from './witnesses.ts';

const document = join(import.meta.dirname, '..', '..', 'docs', 'fields.md');
const inForce = owners.filter((owner) => !consequences.has(owner));

const shown: Shown = { effective: new Set(), tried: new Set() };

beforeAll(async () => {
  for (const one of goldenCases()) await addWitnesses(one, shown);
}, 300_000);

test('every field of a kind in force changes what proxies are served, or a remark says why not', () => {
  const silent = inForce.flatMap((owner) =>
    fieldPaths(structureOf(owner))
      .filter(({ path }) => !shown.effective.has(`${owner} ${path}`) && remarkAbout(owner, path) === undefined)
      .map(({ path }) => `${owner} ${path}`),
  );
  expect(silent).toEqual([]);
});

test('no remark says of a field that does something that it does nothing', () => {
  const wrong = [...shown.effective].filter((name) => {
    const [owner = '', path = ''] = name.split(' ');
    const state = remarkAbout(owner, path)?.state;
    return state !== undefined && state !== 'different' && !consequences.has(owner);
  });
  expect(wrong).toEqual([]);
});

test('what is said to do nothing was set in some case, and did nothing', () => {
  const untried = inForce.flatMap((owner) =>
    fieldPaths(structureOf(owner))
      .filter(({ path }) => remarkAbout(owner, path)?.state === 'without effect' && !shown.tried.has(`${owner} ${path}`))
      .map(({ path }) => `${owner} ${path}`),
  );
  expect(untried).toEqual([]);
});

test('every remark is about fields that there are, and about each once', () => {
  for (const { owner, paths } of fieldRemarks) {
    const all = fieldPaths(structureOf(owner)).map(({ path }) => path);
    for (const path of paths)
      expect(
        all.some((one) => covers(path, one)),
        `${owner} ${path}`,
      ).toBe(true);
  }
});

test('docs/fields.md is up to date: npm run fields:update', () => {
  if (process.env['COXSWAIN_GOLDEN'] === 'update') writeFileSync(document, fieldTable());
  expect(readFileSync(document, 'utf8')).toBe(fieldTable());
});
