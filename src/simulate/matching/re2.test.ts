import { describe, expect, it } from 'vitest';
import { compileRe2 } from './re2.ts';
import { matchExpression } from './text-matcher.ts';

describe('compileRe2', () => {
  it.each<[string, string, boolean]>([
    ['a.c', 'abc', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['a', 'ab', false],
    ['(?i)ABC', 'abc', true],
    ['a(?i)b|c', 'aC', false],
    ['(?P<x>a)b', 'ab', true],
    ['\\Qa.b\\E+', 'a.bbb', true],
    ['\\Qa.b\\E', 'axb', false],
    ['[[:alpha:]]+', 'abC', true],
    ['[[:digit:]_-]+', '1-_', true],
    ['\\pL+', 'aé', true],
    ['\\p{Greek}', 'α', true],
    ['\\x41\\x{42}\\103', 'ABC', true],
    ['a{,3}', 'a{,3}', true],
    ['a{2}', 'aa', true],
    ['[]a]+', ']a', true],
    ['\\_\\-', '_-', true],
    ['\\s', '\v', false],
    ['^a$', 'a', true],
    ['\\Aa\\z', 'a', true],
    ['(.*;)?(user=jason)(;.*)?', 'a;user=jason;b', true],
    ['(?i)([a-c]|\\d)+x{2}', 'aB1XX', true],
    ['(a|aa)+', 'aab', false],
  ])('%s takes %j: %s', (regex, text, expected) => {
    const expression = compileRe2(regex);
    if (expression === undefined) expect([regex, 'untranslated']).toEqual(['a(?i)b|c', 'untranslated']);
    else expect(expression.matchesAll(text)).toBe(expected);
  });

  it.each([
    ['a*', 'baac', 'Z', 'ZbZcZ'],
    ['.*', 'abc', 'x', 'x'],
    ['(\\w+)/(\\w+)', 'a/b', '\\2-\\1-\\0', 'b-a-a/b'],
    ['b', 'abc', '\\\\', 'a\\c'],
  ])('%s in %j becomes %s', (regex, text, substitution, expected) => {
    expect(compileRe2(regex)?.replaceAll(text, substitution)).toBe(expected);
  });

  it('is not stopped by any', () => {
    const text = `${'a'.repeat(2_000)}!`;
    expect(['(a+)+', '(a|a)*(a*)*', '(?i)(A|a)+', '.*.*.*.*.*.*b'].map((regex) => compileRe2(regex)?.matchesAll(text))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(compileRe2('(a+)+$')?.replaceAll(text, '')).toBeUndefined();
    expect(compileRe2('(\\pL+)+')).toBeUndefined();
  });

  it.each(['[', '[a', 'a[^', '\\', '[\\', '(', '\\x', '\\p', 'a)'])('has no equivalent of %s, which ends too early', (regex) => {
    expect(compileRe2(regex)).toBeUndefined();
  });

  it('is told where a condition cannot be evaluated', () => {
    expect([matchExpression('a+').holds('aa'), matchExpression('a+').holds('b')]).toEqual([true, false]);
    expect(matchExpression('\\C').holds('b')).toEqual({ doubt: 'the expression "\\\\C" cannot be evaluated here' });
  });

  it('says so where JavaScript has no equivalent', () => expect([compileRe2('\\C'), compileRe2('(?U)a*')]).toEqual([undefined, undefined]));
});
