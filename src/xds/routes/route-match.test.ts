import { describe, expect, it } from 'vitest';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import { loadProtos } from '../../envoy/protos.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import { buildRouteMatch, isCatchAllMatch } from './route-match.ts';

const protos = loadProtos();
const exactCase = { case_sensitive: { value: true } };
const claim = (keys: string[], string_match: object) => ({
  filter: 'envoy.filters.http.jwt_authn',
  path: keys.map((key) => ({ key })),
  value: { or_match: { value_matchers: [{ list_match: { one_of: { string_match } } }, { string_match }] } },
});

describe('buildRouteMatch', () => {
  it.each<[string, HttpMatch, RouteMatch]>([
    ['nothing but the match itself', {}, { prefix: '/', ...exactCase }],
    ['exact path', { uri: { exact: '/a' } }, { path: '/a', ...exactCase }],
    ['prefix', { uri: { prefix: '/a/' } }, { prefix: '/a/', ...exactCase }],
    ['regex, even a broken one', { uri: { regex: '/(' } }, { safe_regex: { regex: '/(' }, ...exactCase }],
    ['any case', { uri: { prefix: '/a' }, ignoreUriCase: true }, { prefix: '/a', case_sensitive: { value: false } }],
    [
      'headers by name, then method, authority, scheme',
      {
        headers: { b: { exact: '1' }, a: { prefix: '2' } },
        scheme: { exact: 'https' },
        authority: { prefix: 'x' },
        method: { regex: 'G.*' },
      },
      {
        prefix: '/',
        ...exactCase,
        headers: [
          { name: 'a', string_match: { prefix: '2' } },
          { name: 'b', string_match: { exact: '1' } },
          { name: ':method', string_match: { safe_regex: { regex: 'G.*' } } },
          { name: ':authority', string_match: { prefix: 'x' } },
          { name: ':scheme', string_match: { exact: 'https' } },
        ],
      },
    ],
    [
      'presence',
      { headers: { a: {}, b: { regex: '*' } }, queryParams: { q: {} } },
      {
        prefix: '/',
        ...exactCase,
        headers: [
          { name: 'a', present_match: true },
          { name: 'b', present_match: true },
        ],
        query_parameters: [{ name: 'q', present_match: true }],
      },
    ],
    [
      'absence',
      { withoutHeaders: { a: {}, b: { exact: 'x' } } },
      {
        prefix: '/',
        ...exactCase,
        headers: [
          { name: 'a', present_match: true, invert_match: true },
          { name: 'b', string_match: { exact: 'x' }, invert_match: true, treat_missing_header_as_empty: true },
        ],
      },
    ],
    [
      'parameters by name',
      { queryParams: { z: { exact: '1' }, y: { regex: '2' } } },
      {
        prefix: '/',
        ...exactCase,
        query_parameters: [
          { name: 'y', string_match: { safe_regex: { regex: '2' } } },
          { name: 'z', string_match: { exact: '1' } },
        ],
      },
    ],
    [
      'claims of the token',
      {
        headers: { '@request.auth.claims.group.id': { exact: 'x' } },
        withoutHeaders: { '@request.auth.claims[https://a.b/c]': { prefix: 'y' }, '@request.auth.claims': { exact: 'no claim' } },
      },
      {
        prefix: '/',
        ...exactCase,
        headers: [
          { name: '@request.auth.claims', string_match: { exact: 'no claim' }, invert_match: true, treat_missing_header_as_empty: true },
        ],
        dynamic_metadata: [
          claim(['payload', 'group', 'id'], { exact: 'x' }),
          { ...claim(['payload', 'https://a.b/c'], { prefix: 'y' }), invert: true },
        ],
      },
    ],
  ])('%s', (_, match, expected) => {
    const built = buildRouteMatch(match, 'virtual-service');
    expect(built).toEqual(expected);
    expect(protos.check('envoy.config.route.v3.RouteMatch', built)).toEqual([]);
  });

  it('says nothing about case without a match', () => {
    expect(buildRouteMatch(undefined, 'gateway')).toEqual({ prefix: '/' });
  });

  it.each(['ingress', 'gateway'] as const)('a prefix of %s ends at a slash', (semantics) => {
    expect(buildRouteMatch({ uri: { prefix: '/a/' } }, semantics)).toMatchObject({ path_separated_prefix: '/a' });
    expect(buildRouteMatch({ uri: { prefix: '/' } }, semantics)).toMatchObject({ prefix: '/' });
  });
});

it.each<[RouteMatch, boolean]>([
  [{ prefix: '/' }, true],
  [{ path_separated_prefix: '/' }, true],
  [{ safe_regex: { regex: '.*' } }, true],
  [{ prefix: '/', headers: [] }, true],
  [{ prefix: '/a' }, false],
  [{ path: '/' }, false],
  [{ prefix: '/', headers: [{ name: 'a' }] }, false],
  [{ prefix: '/', query_parameters: [{ name: 'a' }] }, false],
  [{ prefix: '/', dynamic_metadata: [{}] }, false],
])('%j takes everything: %s', (match, expected) => {
  expect(isCatchAllMatch(match)).toBe(expected);
});
