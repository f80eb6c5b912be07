import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRegex } from './linear-regex.ts';

describe('expressions in linear time', () => {
  it.each([
    ['^1\\.2[0-9].*', '1.24.3', true],
    ['^1\\.2[0-9].*', '11.24.3', false],
    ['1\\.(29|3\\d)\\..*', 'istio-1.32.0', true],
    ['^(?:1\\.)?3[^0-1]$', '1.32', true],
    ['^[\\w.-]{3,5}$', 'a.b-c', true],
    ['^[\\w.-]{3,5}$', 'a.b-cd', false],
    ['\\bdev\\b', '1.32-dev', true],
    ['\\bdev\\b', '1.32-devel', false],
    ['', '', true],
    ['a{2}', 'aba', false],
    ['(?i)^istio-[x-z]$', 'ISTIO-Y', true],
    ['(?i)^[^a]$', 'A', false],
    ['a.b', 'a\nb', false],
    ['(?is)a.b', 'A\nb', true],
    ['^(?P<major>\\d+)\\.[]x-]$', '1.-', true],
  ])('%s in %s: %s', (expression, text, expected) => {
    expect(linearRegex(expression)?.(text)).toBe(expected);
  });

  it.each([
    '(',
    'a)',
    '[a',
    '*',
    'a**',
    '\\p{Greek}',
    'a(?i)b',
    '(?U)a',
    'a{2000}',
    '((a{900}){900}){900}',
    '((((){1000}){1000}){1000}){1000}',
    '('.repeat(500),
  ])('does not know %s', (expression) => {
    expect(linearRegex(expression)).toBeUndefined();
  });

  it('are not stopped by any', () => {
    const found = linearRegex('^(a*)*(a|a)*(a+)+b$')?.('a'.repeat(5_000));
    expect(found).toBe(false);
  });

  it('agree with those of the language', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '1', '\\w');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        atom,
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => a + b),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a}|${b})`),
        fc.tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{1,2}', '{2}', '*?')).map(([a, many]) => `(?:${a})${many}`),
        tie('expression').map((a) => `^${a}$`),
      ),
    }));
    const text = fc.array(fc.constantFrom('a', 'b', '1', '\n'), { maxLength: 6 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(expression, text, (source, subject) => {
        expect(linearRegex(source)?.(subject), source).toBe(new RegExp(source, 'u').test(subject));
      }),
    );
  });
});
