import { expect, test } from 'vitest';
import { forbiddenFields } from './untrusted-kubeconfig.ts';

const config = (user: object, cluster: object = {}) =>
  JSON.stringify({
    users: [
      { name: 'a', user: { token: 'x' } },
      { name: 'b', user },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://x', ...cluster } }],
    'current-context': 'none',
  });

test.each<[object, object, string, readonly string[]]>([
  [{ token: 'a', 'client-key-data': 'b', 'client-certificate-data': 'c', username: 'd', password: 'e' }, {}, '', []],
  [{ exec: { command: 'true' } }, {}, '', ['exec']],
  [{ exec: { command: 'true' } }, {}, 'exec', []],
  [{ 'client-key': '/a', 'client-certificate': '/b' }, {}, 'clientKey', ['client-certificate']],
  [{ tokenFile: '/a' }, {}, '', ['tokenFile']],
  [{ 'token-file': '/a' }, {}, '', ['tokenFile']],
  [{ 'auth-provider': { name: 'gcp' } }, {}, '', ['auth-provider gcp']],
  [{ 'auth-provider': { name: 'gcp' } }, {}, 'gcp', []],
  [{ 'auth-provider': { name: 'oidc' } }, {}, '', []],
  [{ 'auth-provider': {} }, {}, '', ['auth-provider without a name']],
  [
    {},
    { 'certificate-authority': '/a', 'insecure-skip-tls-verify': true, 'proxy-url': 'http://x' },
    'proxyUrl',
    ['certificate-authority', 'insecure-skip-tls-verify'],
  ],
])('%j with %j, allowing "%s": %j', (user, cluster, allowed, expected) => {
  expect(forbiddenFields(config(user, cluster), new Set(allowed.split(',')))).toEqual(expected);
});

test('what is no kubeconfig names nothing', () => {
  expect(forbiddenFields('a: b', new Set())).toEqual([]);
  expect(forbiddenFields('[]', new Set())).toEqual([]);
});
