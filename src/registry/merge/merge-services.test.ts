import { describe, expect, test } from 'vitest';
import { addressesIn, type RegistryProvider, type Service } from '../../model/service.ts';
import { aService, httpPort as http } from '../table-registry.ts';
import type { ServiceParts } from './merge-layer.ts';
import { mergeServices } from './merge-services.ts';

const grpc = { number: 90, name: 'grpc', protocol: 'GRPC' } as const;

function part(provider: RegistryProvider, change: Partial<Service> = {}, id = provider as string): ServiceParts[number] {
  return { layer: { registry: { id, provider } }, value: aService({ provider, clusterId: id, ...change }) };
}

describe('Kubernetes', () => {
  test('takes identities from its like in other clusters, and nothing from a ServiceEntry, which is its sibling, as in Istio', () => {
    const kube = part('Kubernetes', { serviceAccounts: ['x'] });
    const far = part('Kubernetes', { serviceAccounts: ['y', 'x'], ports: [grpc] }, 'far');
    const entry = part('External', { ports: [http, grpc], serviceAccounts: ['z'] });
    const clusterAddresses = { Kubernetes: [], far: [] };
    expect(mergeServices([kube, far, entry])).toEqual({
      ...kube.value,
      serviceAccounts: ['x', 'y'],
      clusterAddresses,
      siblings: [{ ...entry.value, isSibling: true }],
    });
  });

  test('has an address in each of several clusters; the strongest decides elsewhere', () => {
    const kube = (clusterId: string, ...addresses: readonly string[]) => part('Kubernetes', { addresses }, clusterId);
    const merged = mergeServices([kube('near', '10.0.0.1'), kube('far', '10.9.0.1'), kube('none')]);
    expect(['near', 'far', 'none', 'unknown', ''].map((cluster) => addressesIn(merged, cluster)[0])).toEqual([
      '10.0.0.1',
      '10.9.0.1',
      '10.0.0.1',
      '10.0.0.1',
      '10.0.0.1',
    ]);
  });

  test('is united with a live registry; its pods do not serve the ports that only that one knows', () => {
    const kube = part('Kubernetes', { addresses: ['10.96.0.1'], meshExternal: false, targetPorts: { 80: 'web' } });
    const entry = part('External', { ports: [{ ...http, number: 1234 }] });
    const consul = part('Consul', {
      ports: [http, grpc],
      addresses: ['240.0.0.1'],
      targetPorts: { 80: 1, 90: 9090 },
      serviceAccounts: ['s'],
    });
    expect(mergeServices([kube, entry, consul])).toEqual({
      ...kube.value,
      ports: [http, grpc],
      portsElsewhere: [90],
      targetPorts: { 80: 'web', 90: 9090 },
      serviceAccounts: ['s'],
      siblings: [{ ...entry.value, isSibling: true }],
    });
  });

  test('has the siblings of a ServiceEntry beside it', () => {
    const hidden = aService({ exportTo: ['x'], isSibling: true });
    const entry = part('External', { exportTo: ['.'], siblings: [hidden] });
    const { siblings: _, ...first } = entry.value;
    expect(mergeServices([part('Kubernetes'), entry]).siblings).toEqual([{ ...first, isSibling: true }, hidden]);
  });

  test('stays headless', () => {
    const kube = part('Kubernetes', { resolution: 'Passthrough' });
    const merged = mergeServices([kube, part('Consul', { addresses: ['240.0.0.1'] })]);
    expect([merged.resolution, merged.addresses]).toEqual(['Passthrough', []]);
  });
});

describe('others are united', () => {
  test('attribute by attribute', () => {
    const strong = part('External', { exportTo: ['a', 'b'], targetPorts: { 80: 8080 }, autoAllocated: { v4: '240.240.0.1' } });
    const consul = part('Consul', {
      ports: [{ ...http, protocol: 'TCP' }, grpc, { number: 81, name: 'http', protocol: 'HTTP' }],
      targetPorts: { 80: 1, 90: 9090 },
      addresses: ['10.0.0.1'],
      exportTo: ['b', 'c'],
      meshExternal: false,
      serviceAccounts: ['s'],
    });
    expect(mergeServices([strong, consul])).toEqual({
      ...strong.value,
      ports: [http, grpc, { number: 81, name: 'http-81', protocol: 'HTTP' }],
      targetPorts: { 80: 8080, 90: 9090 },
      addresses: ['10.0.0.1'],
      exportTo: ['b'],
      meshExternal: false,
      serviceAccounts: ['s'],
    });
  });

  test('has the siblings of a ServiceEntry beside it', () => {
    const hidden = aService({ exportTo: ['x'], isSibling: true });
    const entry = part('External', { exportTo: ['.'], siblings: [hidden] });
    const { siblings: _, ...first } = entry.value;
    expect(mergeServices([part('Kubernetes'), entry]).siblings).toEqual([{ ...first, isSibling: true }, hidden]);
  });

  test('a new name is not taken either', () => {
    const weak = part('Consul', { ports: [{ ...http, number: 81 }] });
    const strong = part('External', { ports: [http, { ...http, number: 82, name: 'http-81' }] });
    expect(mergeServices([strong, weak]).ports.map(({ name }) => name)).toEqual(['http', 'http-81', 'http-81-81']);
  });

  test.each([
    [['*'], ['b', 'c'], ['b', 'c']],
    [['a'], ['*'], ['a']],
    [['d'], ['b', 'c'], ['~']],
    [['.'], ['default', 'x'], ['.']],
    [['~'], ['~', '*'], ['~']],
    [['~'], ['~'], ['~']],
  ])('exported to %j and to %j is exported to %j', (a, b, both) => {
    expect(mergeServices([part('External', { exportTo: a }), part('Consul', { exportTo: b })]).exportTo).toEqual(both);
  });

  test.each([
    ['ClientSideLB', 'DNSLB', 'ClientSideLB'],
    ['DNSLB', 'ClientSideLB', 'ClientSideLB'],
    ['DNSLB', 'DNSRoundRobinLB', 'DNSLB'],
    ['DNSLB', 'DNSLB', 'DNSLB'],
    ['Passthrough', 'ClientSideLB', 'Passthrough'],
    ['DynamicDNS', 'ClientSideLB', 'DynamicDNS'],
  ] as const)('%s and %s are %s', (a, b, both) => {
    expect(mergeServices([part('External', { resolution: a }), part('Consul', { resolution: b })]).resolution).toBe(both);
  });
});

test('exclusive: the strongest alone, though clusters of Kubernetes are one', () => {
  const kube = part('Kubernetes');
  const far = part('Kubernetes', { serviceAccounts: ['y'] }, 'far');
  const consul = part('Consul', { ports: [grpc] });
  expect(mergeServices([kube, far, consul], 'exclusive')).toEqual({
    ...kube.value,
    serviceAccounts: ['y'],
    clusterAddresses: { Kubernetes: [], far: [] },
  });
  expect(mergeServices([consul, part('Etcd')], 'exclusive')).toEqual(consul.value);
});
