import { expect, test } from 'vitest';
import { asSiblings, type Service } from '../../model/service.ts';
import { aService, httpPort } from '../../registry/table-registry.ts';
import { parseEgressHosts } from './egress-hosts.ts';
import { inOrderOfExport, selectServices } from './select-services.ts';

const grpc = { number: 81, name: 'grpc', protocol: 'GRPC' } as const;
const first = aService({ namespace: 'shop', exportTo: ['.'], createdAt: 1, ports: [httpPort] });
const second = aService({ namespace: 'shop', exportTo: ['*'], createdAt: 2, ports: [httpPort, grpc] });
const entries = asSiblings(first, [second]);

function selected(hosts: readonly string[], clientNamespace: string, services: readonly Service[] = [entries], port?: number) {
  const listener = { hosts, ...(port === undefined ? {} : { port: { number: port, protocol: 'GRPC', name: 'x' } }) };
  const found = selectServices(
    listener,
    parseEgressHosts(hosts, clientNamespace),
    inOrderOfExport(services, clientNamespace),
    clientNamespace,
  );
  return found.map(({ createdAt }) => createdAt);
}

test('a namespace sees the siblings that are exported to it, in order', () => {
  expect(selected(['*/*'], 'shop')).toEqual([1, 2]);
  expect(selected(['shop/*'], 'pay')).toEqual([2]);
});

test('of a port that only a sibling has the sibling is taken', () => {
  expect(selected(['*/*'], 'shop', [entries], 81)).toEqual([2]);
});

test('hosts in full do not find siblings', () => {
  expect(selected(['shop/a.com'], 'shop')).toEqual([1]);
  expect(selected(['shop/a.com'], 'pay')).toEqual([]);
  expect(selected(['shop/a.com', 'x/*.com'], 'pay')).toEqual([2]);
  expect(selected(['*/a.com'], 'pay')).toEqual([2]);
});

test('of hosts in full the oldest is taken, elsewhere what is exported to the namespace comes before what is public', () => {
  const older = aService({ namespace: 'a', createdAt: 1 });
  const meant = aService({ namespace: 'b', createdAt: 2, exportTo: ['pay'] });
  expect(selected(['a/a.com', 'b/a.com'], 'pay', [older, meant])).toEqual([1]);
  expect(selected(['a/*', 'b/*'], 'pay', [older, meant])).toEqual([2]);
});
