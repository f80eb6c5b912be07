import { expect, test } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { hashBytes } from '../../lib/hash.ts';
import { ResourceEncoder } from './resource-encoder.ts';
import { TableEncoder } from './table-encoder.ts';

const protos = loadProtos();
const encoder = new ResourceEncoder({
  encodeAny: (message) => protos.encodeAny(message),
  encode: (typeName, message) => protos.encode(typeName, message),
  hash: hashBytes,
});

function table(hosts: number) {
  const virtual_hosts = Array.from({ length: hosts }, (_, index) => ({
    name: `host-${index}`,
    domains: [`host-${index}.example.com`],
    routes: [{ match: { prefix: '/' }, route: { cluster: `c${index}`.padEnd(index % 300, 'x') } }],
  }));
  return { name: '80', virtual_hosts, ignore_port_in_host_matching: true, validate_clusters: { value: false } };
}

test.each([0, 1, 2, 500])('a table of %i virtual hosts decodes to what was given', (hosts) => {
  const given = table(hosts);
  const { any } = new TableEncoder(encoder).encode(given);
  expect(protos.decodeAny(any)).toEqual(protos.decodeAny(protos.encodeAny({ '@type': typeUrls.RDS, ...given })));
});

test('equal tables have equal versions, whoever encoded them', () => {
  expect(new TableEncoder(encoder).encode(table(9)).version).toBe(new TableEncoder(encoder).encode(table(9)).version);
  expect(new TableEncoder(encoder).encode(table(9)).version).not.toBe(new TableEncoder(encoder).encode(table(8)).version);
});
