import { describe, expect, it } from 'vitest';
import { wrongCel } from './cel-syntax.ts';

describe('the syntax of CEL', () => {
  it.each([
    'response.code >= 500',
    "(connection.mtls && request.headers['x-log'] == 'true') || request.url_path.contains('v1beta3')",
    '!has(request.auth.principal) ? \'a\' : "b"',
    'a in [1, 2u, 0xff, -1.5e3, .5,]',
    'm{a: 1}.x[0] % 2 == 0 && {"k": [1], }.size() > 0',
    String.raw`r'\d+' != b"\"" // a remark`,
    '"""a "quoted" text"""',
    '- -1 < !!true',
    '.a.b(c, d)',
  ])('accepts %s', (text) => {
    expect(wrongCel(text)).toBeUndefined();
  });

  it.each([
    ['', 'wanted a value, not the end at character 1'],
    ['response.code >>= 500', 'wanted a value, not >= at character 16'],
    ['a == ', 'wanted a value, not the end'],
    ['a = 1', 'nothing begins with = at character 3'],
    ['a b', 'wanted an operator, not b'],
    ['(a', 'wanted ")", not the end'],
    ['f(a,)', 'wanted a value, not )'],
    ["'open", "nothing begins with ' at character 1"],
    ['a ? b', 'wanted ":", not the end'],
    ['a.1', 'wanted an operator, not .1'],
    ['if', 'wanted a value, not if'],
    ['a & b', 'nothing begins with &'],
    ['('.repeat(100_000), 'wanted less depth'],
  ])('refuses %s', (text, problem) => {
    expect(wrongCel(text)).toContain(`is no CEL expression: ${problem}`);
  });
});
