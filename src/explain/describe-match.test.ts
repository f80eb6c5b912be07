import { expect, it } from 'vitest';
import type { RouteMatch } from '../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import { describeMatch } from './describe-match.ts';

it.each<[RouteMatch, string]>([
  [{ prefix: '/' }, ''],
  [{ prefix: '/a', case_sensitive: { value: false } }, 'path begins with /a in any case'],
  [{ path: '/a' }, 'path is /a'],
  [{ path_separated_prefix: '/a' }, 'path is under /a'],
  [{ safe_regex: { regex: '/a.*' } }, 'path fits /"/a.*"/'.replaceAll('"', '')],
  [{ prefix: '/', headers: [{ name: ':method', string_match: { exact: 'GET' } }] }, 'method is "GET"'],
  [{ prefix: '/', headers: [{ name: 'constructor', present_match: true }] }, 'header constructor is there'],
  [
    {
      prefix: '/a',
      headers: [
        { name: 'x', present_match: true },
        { name: 'y', string_match: { prefix: 'b' }, invert_match: true },
      ],
    },
    'path begins with /a, header x is there, not: header y begins with "b"',
  ],
  [{ prefix: '/', grpc: {}, query_parameters: [{ name: 'q', string_match: { safe_regex: { regex: '1+' } } }] }, 'gRPC, query q fits /1+/'],
])('%j is told as %s', (match, text) => {
  expect(describeMatch(match)).toBe(text);
});
