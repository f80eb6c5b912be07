import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kinds } from '../schema/kinds.ts';
import { kindsWithoutEffect, parseWithEffect } from './kinds-without-effect.ts';

const root = join(import.meta.dirname, '..', '..');
const names = kindsWithoutEffect.map(({ kind }) => kind);

function policy(spec: object) {
  return parseWithEffect({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'a', namespace: 'shop' },
    spec,
  });
}

it('warns of an object that is in order and does nothing', () => {
  const { object, issues } = policy({});
  expect(object).toBeDefined();
  expect(issues).toMatchObject([{ code: 'CXS0005', severity: 'warning', object: { kind: 'AuthorizationPolicy', name: 'a' } }]);
});

it('adds nothing to the errors of one that is left out, nor to a kind that is in force', () => {
  expect(policy({ action: 'PERHAPS' }).issues.map(({ severity }) => severity)).toEqual(['error']);
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } };
  expect(parseWithEffect(service).issues).toEqual([]);
});

it('lists no kind that something reads as a table', () => {
  const wiring = readdirSync(join(root, 'src/app'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src/app', file), 'utf8'))
    .join('\n');
  const read = [...wiring.matchAll(/config\.table\('(\w+)'\)/g)].map((match) => match[1]);
  expect(read).toContain('VirtualService');
  expect(names.filter((kind) => read.includes(kind))).toEqual([]);
});

/** `docs/compatibility.md` has one row for each kind, and says of the same ones that they have no effect. */
it('agrees with docs/compatibility.md', () => {
  const document = readFileSync(join(root, 'docs/compatibility.md'), 'utf8');
  const rows = [...document.matchAll(/^\| `([\w.]*)` \| `(\w+)` \| ([^|]+?) \|/gm)].map(([, group, kind, state]) => ({
    group,
    kind,
    state,
  }));
  const known = kinds.map(({ group, documentKind }) => ({ group: group || 'core', kind: documentKind }));
  expect(rows.map(({ group, kind }) => ({ group, kind }))).toEqual(known);
  const without = new Set(
    kinds.filter(({ kind }) => (names as string[]).includes(kind)).map(({ group, documentKind }) => `${group}/${documentKind}`),
  );
  const stated = rows.filter(({ state }) => state === 'validated only').map(({ group, kind }) => `${group}/${kind}`);
  expect(stated).toEqual([...without]);
});
