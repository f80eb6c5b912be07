import { expect, test } from 'vitest';
import { re2Fault } from './re2-syntax.ts';

/** Verdicts of Go's `regexp/syntax` (1.26), whose words they are. */
const wrong: readonly (readonly [expression: string, fault: string])[] = [
  ['/items/(unclosed', 'missing closing ): `/items/(unclosed`'],
  ['a)', 'unexpected ): `a)`'],
  ['*', 'missing argument to repetition operator: `*`'],
  ['(|+)', 'missing argument to repetition operator: `+`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a{2}{3}', 'invalid nested repetition operator: `{2}{3}`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['a{3,1}', 'invalid repeat count: `{3,1}`'],
  ['(a{100}){11}', 'invalid repeat count: `{11}`'],
  ['[a', 'missing closing ]: `[a`'],
  ['[z-a]', 'invalid character class range: `z-a`'],
  ['[[:foo:]]', 'invalid character class range: `[:foo:]`'],
  ['\\p{Foo}', 'invalid character class range: `\\p{Foo}`'],
  ['\\p{Grek}', 'invalid character class range: `\\p{Grek}`'],
  ['(a)\\1', 'invalid escape sequence: `\\1`'],
  ['\\Z', 'invalid escape sequence: `\\Z`'],
  ['a\\', 'trailing backslash at end of expression'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['(?<!a)b', 'invalid or unsupported Perl syntax: `(?<!`'],
  ['(?P<n>a)(?P<n>b)', 'invalid named capture: `(?P<n>`'],
  ['('.repeat(1001), `expression nests too deeply: \`${'('.repeat(1001)}\``],
];

test.each(wrong)('%s is none', (expression, fault) => {
  expect(re2Fault(expression)).toBe(fault);
});

test.each([
  '',
  '/v[0-9]+/.*',
  '^(?i:jason|mary)$',
  '(?P<id>\\d+)/(?<rest>.*)',
  'a{,2}b{x}c{2}d{2,}?e{2,3}',
  '[]a-]|[^]]|[\\d-z]|[a-b-c]|[[:alpha:][:^digit:]]|[\\x00-\\x{10FFFF}]',
  '\\Q(*\\E+\\.\\_\\-\\123\\x41',
  '\\pL\\p{Greek}\\P{^Lu}\\p{Thai}\\p{Any}',
  '(a{100}){10}',
  '^*$',
  'é😀',
  '{}',
])('%s is one', (expression) => {
  expect(re2Fault(expression)).toBeUndefined();
});

test('an expression of the greatest length is judged in one pass', () => {
  expect(re2Fault('(a|b)*'.repeat(170))).toBeUndefined();
});
