import { expect, it } from 'vitest';
import { intersectHosts, serverHostsFor } from './server-hosts.ts';

it('serverHostsFor keeps the hosts of a namespace', () => {
  const hosts = ['ns1/Foo.com', '*/bar.com', 'baz.com', 'ns2/qux.com'];
  expect(serverHostsFor(hosts, 'ns1')).toEqual(['foo.com', 'bar.com', 'baz.com']);
  expect(serverHostsFor(hosts, 'ns3')).toEqual(['bar.com', 'baz.com']);
});

it.each([
  [['foo.com', 'bar.com'], ['*.com'], ['foo.com', 'bar.com']],
  [
    ['foo.com', '*.net'],
    ['*.com', 'bar.net'],
    ['foo.com', 'bar.net'],
  ],
  [['foo.com', '*.net'], ['*.bar.net'], ['*.bar.net']],
  [['foo.com'], ['bar.com'], []],
  [['*'], ['a.com', '*'], ['a.com', '*']],
  [[], ['bar.com'], []],
])('%j and %j have %j in common', (hosts, others, expected) => {
  expect(intersectHosts(hosts, others)).toEqual(expected);
});
