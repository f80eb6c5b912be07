// Every fault in docs/faults.md has a test that bears its number, in the file that the table names.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Those of API servers, replicas, Consul and further clusters. */
const wanted = [...numbers(1, 17), ...numbers(24, 28), 'F32', 'F55', 'F59'];

function numbers(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `F${String(first + i).padStart(2, '0')}`);
}

function rows(): readonly { readonly number: string; readonly files: readonly string[] }[] {
  const table = readFileSync(`${root}docs/faults.md`, 'utf8').matchAll(/^\| (F\d\d) \|[^|]*\| ([^|]*) \|[^|]*\|$/gm);
  return [...table].map(([, number = '', where = '']) => ({ number, files: where.match(/[a-z-]+(?:\/[a-z-]+)?(?=[;,]|$)/g) ?? [] }));
}

/** Names of tests and of the suites around them. */
function names(file: string): string {
  const text = readFileSync(`${root}test/e2e/${file}.test.ts`, 'utf8');
  return [...text.matchAll(/\b(?:test|describeNeeding)\((?:\[[^\]]*\], )?(['"`])(.*?)\1/g)].map(([, , name]) => name).join('\n');
}

test('each fault has its row', () => {
  expect(rows().map(({ number }) => number)).toEqual(wanted);
});

test('each row has its test', () => {
  const lacking = rows().filter(({ number, files }) => !files.some((file) => names(file).includes(number)));
  expect(lacking).toEqual([]);
  for (const { files } of rows()) expect(files.length).toBeGreaterThan(0);
});
