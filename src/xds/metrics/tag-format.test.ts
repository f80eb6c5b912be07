import { expect, it } from 'vitest';
import { tagFormat } from './tag-format.ts';

it.each([
  ["'shop'", 'shop'],
  ['"shop"', 'shop'],
  [' request.host ', '%REQ(:AUTHORITY)%'],
  ["request.headers['x-user']", '%REQ(x-user)%'],
  ['response.headers["x-a"]', '%RESP(x-a)%'],
  ['response.code', '%RESPONSE_CODE%'],
  // An expression of its own, a text that Envoy would take for a format, and what is no attribute of Envoy.
  ['request.size > 10', undefined],
  ["'%FOO%'", undefined],
  ["''", undefined],
  ['downstream_peer.name', undefined],
  ["request.headers['x)%']", undefined],
])('%s is %s', (expression, format) => {
  expect(tagFormat(expression)).toBe(format);
});
