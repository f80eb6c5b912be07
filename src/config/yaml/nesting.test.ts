import { expect, it } from 'vitest';
import { maxNesting, tooDeepAt } from './nesting.ts';

it.each([
  ['brackets', '['.repeat(maxNesting + 1), maxNesting],
  ['maps in a line', '{a: '.repeat(maxNesting + 1), maxNesting * 4],
  ['lists in a line', '- '.repeat(maxNesting + 1), maxNesting * 2 + 2],
  ['complex keys', '? ? ? ? a', 8],
  [
    'stairs',
    Array.from({ length: maxNesting + 1 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
    (maxNesting * (maxNesting + 1)) / 2 + 3 * maxNesting - 0,
  ],
] as const)('finds %s that go too deep', (_, text, limit) => {
  const at = tooDeepAt(text);
  expect(at).toBeGreaterThan(0);
  expect(at).toBeLessThanOrEqual(limit);
});

it.each([
  ['[]'.repeat(1000)],
  ['- a\n'.repeat(1000)],
  ['a:\n  b:\n  - c\n'.repeat(1000)],
  [Array.from({ length: maxNesting - 1 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
  ['? a\n: b\n'.repeat(100)],
  ['- '.repeat(maxNesting - 1)],
])('lets shallow texts pass', (text) => {
  expect(tooDeepAt(text)).toBeUndefined();
});
