import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const backendRefs = [{ name: 'a', port: 80 }];
const rule = (fields: object) => issuesOf('HTTPRoute', { rules: [{ backendRefs, ...fields }] });
const path = (type: string, value: string) => rule({ matches: [{ path: { type, value } }] });
const filter = (fields: object) => rule({ filters: [fields] });
const rewrite = (modifier: object) => ({ type: 'URLRewrite', urlRewrite: { path: modifier } });
const prefix = { path: { type: 'PathPrefix', value: '/a' } };

describe('HTTPRoute', () => {
  it('accepts a whole one', () => {
    const issues = issuesOf('HTTPRoute', {
      parentRefs: [{ name: 'g', sectionName: 'http' }],
      hostnames: ['*.example.com'],
      rules: [
        {
          matches: [prefix],
          filters: [
            rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/' }),
            { type: 'RequestMirror', requestMirror: { backendRef: { name: 'm', port: 1 } } },
          ],
          backendRefs: [
            { name: 'a', port: 80, weight: 1 },
            { group: 'networking.istio.io', kind: 'Hostname', name: 'b' },
          ],
          timeouts: { request: '10s', backendRequest: '2s' },
        },
        { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
      ],
    });
    expect(issues).toEqual([]);
  });

  const at = 'spec.rules[0]';
  it.each([
    [rule({ backendRefs: [{ name: 'a' }] }), `error ${at}.backendRefs[0].port: is required for a Service`],
    [path('Exact', 'a'), `error ${at}.matches[0].path.value: must begin with "/"`],
    [path('PathPrefix', '/a//b'), `error ${at}.matches[0].path.value: must not have "//"`],
    [path('Exact', '/a/..'), `error ${at}.matches[0].path.value: must not have "/.."`],
    [path('Exact', '/ä'), `error ${at}.matches[0].path.value: must be the path of a URL`],
    [path('RegularExpression', ''), `error ${at}.matches[0].path.value: must not be empty`],
    [path('Regex', '/'), `error ${at}.matches[0].path.type: must be one of Exact, PathPrefix, RegularExpression, not the text "Regex"`],
    [filter({ type: 'URLRewrite' }), `error ${at}.filters[0].urlRewrite: is required for type URLRewrite`],
    [filter({ type: 'CORS', cors: {}, urlRewrite: {} }), `error ${at}.filters[0].urlRewrite: is not possible with type CORS`],
    [filter({ type: 'RequestRedirect', requestRedirect: {} }), `error ${at}.backendRefs: is not possible beside a RequestRedirect filter`],
    [
      filter(rewrite({ type: 'ReplaceFullPath', replacePrefixMatch: '/' })),
      `error ${at}.filters[0].urlRewrite.path: must have exactly the field that type ReplaceFullPath names`,
    ],
    [
      rule({ matches: [prefix, prefix], filters: [rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/' })] }),
      `error ${at}.filters[0].urlRewrite.path: needs a rule with exactly one match, of a path prefix`,
    ],
    [rule({ timeouts: { request: '1s', backendRequest: '2s' } }), `error ${at}.timeouts.backendRequest: must not be longer than request`],
    [
      rule({ sessionPersistence: { type: 'Header', cookieConfig: {} } }),
      `error ${at}.sessionPersistence.cookieConfig: is possible with type Cookie only`,
    ],
    [rule({ back_end: 1 }), `warning ${at}.back_end: unknown field "back_end" is ignored`],
    [rule({ timeout: '1s' }), `warning ${at}.timeout: unknown field "timeout" is ignored (did you mean "timeouts"?)`],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
