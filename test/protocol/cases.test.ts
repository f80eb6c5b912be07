// Every case has a row in docs/protocol.md, and a test that bears its number or a reason why there is none.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const all = Array.from({ length: 80 }, (_, i) => `X${String(i + 1).padStart(2, '0')}`);
/** Named with the reason. */
const withoutTest: Readonly<Record<string, string>> = {
  X73: 'comes with certificates',
  X74: 'comes with certificates',
};

/** Numbers in the names of tests: in what is the first argument of `it` or `test`, also behind `each`. */
function tested(): ReadonlySet<string> {
  const files = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  const names = files.flatMap((file) => {
    const text = readFileSync(`${root}test/${file}`, 'utf8');
    return [
      ...text.matchAll(/^\s*(?:it|test|\]\)|[^\n]*\)\()[^\n]*?(?:\(\s*)(['`])(X\d\d[^\n]*?)\1/gm),
      ...text.matchAll(/^\s*(['`])(X\d\d[^\n]*?)\1,$/gm),
    ];
  });
  return new Set(names.flatMap(([, , name]) => name?.match(/X\d\d/g) ?? []));
}

test('every case is tested, or named with the reason', () => {
  const numbers = tested();
  expect(all.filter((number) => !numbers.has(number))).toEqual(Object.keys(withoutTest));
});

test('every case is documented, and those without a test say so', () => {
  const rows = readFileSync(`${root}docs/protocol.md`, 'utf8').matchAll(/^\| (X\d\d) \|[^|]*\|([^|]*)\|/gm);
  const documented = new Map([...rows].map(([, number, answer]): [string, string] => [number ?? '', answer ?? '']));
  expect([...documented.keys()]).toEqual(all);
  expect(all.filter((number) => documented.get(number)?.includes('not yet'))).toEqual(Object.keys(withoutTest));
});
