import { expect, test } from 'vitest';
import type { Endpoint } from '../model/endpoint.ts';
import { addressesIn, type Service } from '../model/service.ts';
import { mergeEndpoints, mergeServices } from './merge-registries.ts';
import { anEndpoint as endpoint, httpPort, aService as service } from './table-registry.ts';

const http = httpPort;
const grpc = { number: 90, name: 'grpc', protocol: 'GRPC' } as const;

test('a Kubernetes service takes identities from its like in other clusters, and nothing from other kinds', () => {
  const kube = service({ provider: 'Kubernetes', serviceAccounts: ['x'] });
  const far = service({ provider: 'Kubernetes', clusterId: 'far', serviceAccounts: ['y', 'x'], ports: [grpc] });
  const entry = service({ ports: [http, grpc], serviceAccounts: ['z'] });
  const clusterAddresses = { [kube.clusterId]: kube.addresses, far: far.addresses };
  expect(mergeServices([kube, far, entry])).toEqual({ ...kube, serviceAccounts: ['x', 'y'], clusterAddresses });
});

test('a service of several clusters has an address in each of them; the strongest decides elsewhere', () => {
  const kube = (clusterId: string, ...addresses: readonly string[]) => service({ provider: 'Kubernetes', clusterId, addresses });
  const merged = mergeServices([kube('near', '10.0.0.1'), kube('far', '10.9.0.1'), kube('none')]);
  expect(['near', 'far', 'none', 'unknown', ''].map((cluster) => addressesIn(merged, cluster)[0])).toEqual([
    '10.0.0.1',
    '10.9.0.1',
    '10.0.0.1',
    '10.0.0.1',
    '10.0.0.1',
  ]);
});

test('clusters that give out the same addresses keep their endpoints apart', () => {
  const kube = service({ provider: 'Kubernetes' });
  const shard = (clusterId: string): Parameters<typeof mergeEndpoints>[1][number] => ({
    provider: 'Kubernetes',
    service: kube,
    endpoints: [endpoint({ clusterId })],
  });
  expect(mergeEndpoints(kube, [shard('near'), shard('far'), shard('third')]).map(({ clusterId }) => clusterId)).toEqual([
    'far',
    'near',
    'third',
  ]);
});

test('other registries are united', () => {
  const strong = service({ exportTo: ['a', 'b'], targetPorts: { 80: 8080 }, autoAllocated: { v4: '240.240.0.1' } });
  const consul = service({
    provider: 'Consul',
    ports: [{ ...http, protocol: 'TCP' }, grpc, { number: 81, name: 'http', protocol: 'HTTP' }],
    targetPorts: { 80: 1, 90: 9090 },
    addresses: ['10.0.0.1'],
    exportTo: ['b', 'c'],
    meshExternal: false,
    serviceAccounts: ['s'],
  });
  expect(mergeServices([strong, consul])).toEqual({
    ...strong,
    ports: [http, grpc, { number: 81, name: 'http-81', protocol: 'HTTP' }],
    targetPorts: { 80: 8080, 90: 9090 },
    addresses: ['10.0.0.1'],
    exportTo: ['b'],
    meshExternal: false,
    serviceAccounts: ['s'],
  });
  expect(mergeServices([service({ exportTo: ['*'] }), consul]).exportTo).toEqual(['b', 'c']);
  expect(mergeServices([service({ exportTo: ['d'] }), consul]).exportTo).toEqual(['~']);
});

test('one place in two registries is one endpoint', () => {
  const shard = (provider: Service['provider'], change: Partial<Endpoint>): Parameters<typeof mergeEndpoints>[1][number] => ({
    provider,
    service: service({ provider }),
    endpoints: [endpoint(change)],
  });
  const strong = shard('External', { weight: 3, labels: { a: '1', b: '1' } });
  const united = mergeEndpoints(service({}), [strong, shard('Consul', { weight: 9, labels: { b: '2', c: '2' }, health: 'UNHEALTHY' })]);
  expect(united).toEqual([endpoint({ weight: 3, labels: { a: '1', b: '1', c: '2' }, health: 'UNHEALTHY' })]);
  expect(mergeEndpoints(service({}), [strong, shard('Etcd', { health: 'UNHEALTHY' })])[0]?.health).toBe('HEALTHY');
  const apart = [{ port: 81 }, { network: 'n' }, { address: '1.1.1.0' }];
  for (const change of apart) expect(mergeEndpoints(service({}), [strong, shard('Consul', change)])).toHaveLength(2);
  expect(mergeEndpoints(service({}), [strong, shard('Consul', { address: '1.1.1.0' })])[0]?.address).toBe('1.1.1.0');
});

test('endpoints follow a port that the merge renamed, unless the service is one of Kubernetes', () => {
  const consul = service({ provider: 'Consul', ports: [{ ...http, name: 'web' }] });
  const shards = [
    { provider: 'External', service: service({}), endpoints: [] },
    { provider: 'Consul', service: consul, endpoints: [endpoint({ portName: 'web' })] },
  ] as const;
  expect(mergeEndpoints(service({}), shards)[0]?.portName).toBe('http');
  expect(mergeEndpoints(service({ provider: 'Kubernetes' }), shards)[0]?.portName).toBe('web');
});
