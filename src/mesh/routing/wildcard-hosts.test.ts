import { expect, test } from 'vitest';
import { hostsMatch } from '../../model/hostname.ts';
import type { ResolvedVirtualService } from './resolved-virtual-service.ts';
import { wildcardsByTail, wildcardsFor } from './wildcard-hosts.ts';

const patterns = ['*', '*.com', '*.a.com', '*.b.a.com', '*a.com', '*-x.com', '*.', '*.org'];
const virtualServices = patterns.map((host) => ({ hosts: ['exact.com', host] }) as unknown as ResolvedVirtualService);

test.each(['a.com', 'b.a.com', 'c.b.a.com', 'q-x.com', 'com', 'host', '*.a.com', '*.b.a.com', 'x.org', '.', ''])(
  'no VirtualService whose wildcard covers %j is missed',
  (host) => {
    const covering = virtualServices.filter(
      ({ hosts: [, pattern = ''] }) => hostsMatch(pattern, host) && pattern.length <= host.length + 1,
    );
    const found = wildcardsFor(host, wildcardsByTail(virtualServices));
    expect(found).toEqual(expect.arrayContaining(covering));
    expect(new Set(found).size).toBe(found.length);
  },
);

test('those that cannot cover the host are not looked at', () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ hosts: [`*.x${i}.com`, `*.y${i}.com`] }) as unknown as ResolvedVirtualService);
  expect(wildcardsFor('a.x7.com', wildcardsByTail(many))).toEqual([many[7]]);
});
