import { expect, test } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { entryLength, writeEntry } from './resource-entry.ts';

const protos = loadProtos();
const anyOf = (name: string) => protos.encodeAny({ '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster', ...{ name } });

test.each(['a', 'é', 'outbound|80||ratings.shop.svc.cluster.local', 'x'.repeat(300)])('an entry is read back as it was: %s', (name) => {
  const resource = { name, version: '1abc', any: anyOf(name) };
  const bytes = Buffer.alloc(entryLength(resource) + 2);
  expect(writeEntry(bytes, 1, resource)).toBe(bytes.length - 1);
  const response = protos.decode('envoy.service.discovery.v3.DeltaDiscoveryResponse', bytes.subarray(1, -1));
  expect(response).toMatchObject({ resources: [{ name, version: '1abc', resource: { name } }] });
});
