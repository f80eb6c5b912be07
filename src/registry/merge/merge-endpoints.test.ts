import { describe, expect, test } from 'vitest';
import type { Endpoint, EndpointHealth } from '../../model/endpoint.ts';
import type { RegistryProvider, Service } from '../../model/service.ts';
import { anEndpoint, aService, httpPort as http } from '../table-registry.ts';
import { healthDisagreements, mergeEndpoints } from './merge-endpoints.ts';
import type { EndpointParts, MergeLayer } from './merge-layer.ts';
import type { MergeMode } from './merge-mode.ts';

function layer(provider: RegistryProvider, id = provider as string): MergeLayer {
  return { registry: { id, provider } };
}

function shard(provider: RegistryProvider, ...endpoints: readonly Partial<Endpoint>[]): EndpointParts[number] {
  return { layer: layer(provider), value: endpoints.map(anEndpoint) };
}

function merge(shards: EndpointParts, mode?: MergeMode, merged: Service = aService()): readonly Endpoint[] {
  const services = shards.map((each) => ({ layer: each.layer, value: aService({ provider: each.layer.registry.provider }) }));
  return mergeEndpoints({ merged, shards, services, ...(mode === undefined ? {} : { mode }) });
}

const sources = ['External/External', 'Consul/Consul'];

describe('one place in two registries', () => {
  test("is one endpoint: the stronger one's, with the labels that only the weaker has", () => {
    const strong = shard('External', { weight: 3, labels: { a: '1', b: '1' } });
    const weak = shard('Consul', { weight: 9, labels: { b: '2', c: '2' }, locality: 'eu/a', serviceAccount: 's' });
    expect(merge([strong, weak])).toEqual([
      anEndpoint({ weight: 3, labels: { a: '1', b: '1', c: '2' }, locality: 'eu/a', serviceAccount: 's', sources }),
    ]);
  });

  test.each([{ port: 81 }, { network: 'n' }, { address: '1.1.1.0' }])('%j is another place', (change) => {
    expect(merge([shard('External', {}), shard('Consul', change)])).toHaveLength(2);
  });

  test('clusters that give out the same addresses keep their endpoints apart', () => {
    const cluster = (id: string): EndpointParts[number] => ({ layer: layer('Kubernetes', id), value: [anEndpoint({ clusterId: id })] });
    const merged = merge([cluster('near'), cluster('far'), cluster('third'), shard('Consul', {})]);
    expect(merged.map(({ clusterId }) => clusterId)).toEqual(['far', 'near', 'third']);
    expect(merged.map(({ sources }) => sources)).toEqual([undefined, ['Kubernetes/near', 'Consul/Consul'], undefined]);
  });

  test('other places are in canonical order', () => {
    expect(merge([shard('External', {}), shard('Consul', { address: '1.1.1.0' })])[0]?.address).toBe('1.1.1.0');
  });

  test.each<[RegistryProvider, EndpointHealth, RegistryProvider, EndpointHealth, EndpointHealth]>([
    ['Kubernetes', 'HEALTHY', 'Consul', 'UNHEALTHY', 'UNHEALTHY'],
    ['Kubernetes', 'UNHEALTHY', 'Consul', 'HEALTHY', 'UNHEALTHY'],
    ['Kubernetes', 'UNHEALTHY', 'Consul', 'DRAINING', 'DRAINING'],
    ['External', 'HEALTHY', 'Consul', 'DRAINING', 'DRAINING'],
    ['External', 'HEALTHY', 'Etcd', 'UNHEALTHY', 'HEALTHY'],
    ['Kubernetes', 'HEALTHY', 'ZooKeeper', 'UNHEALTHY', 'HEALTHY'],
    ['Etcd', 'UNHEALTHY', 'Nacos', 'HEALTHY', 'HEALTHY'],
    ['Etcd', 'UNHEALTHY', 'ZooKeeper', 'HEALTHY', 'UNHEALTHY'],
  ])('%s %s and %s %s: %s', (strong, a, weak, b, both) => {
    expect(merge([shard(strong, { health: a }), shard(weak, { health: b })]).map(({ health }) => health)).toEqual([both]);
  });

  test('is counted as a disagreement where two registries with checks differ', () => {
    const count = (a: RegistryProvider, b: RegistryProvider, health: EndpointHealth): number =>
      healthDisagreements({ merged: aService(), shards: [shard(a, {}), shard(b, { health })], services: [] });
    expect(count('Kubernetes', 'Consul', 'UNHEALTHY')).toBe(1);
    expect(count('Kubernetes', 'Consul', 'HEALTHY')).toBe(0);
    expect(count('External', 'Consul', 'UNHEALTHY')).toBe(0);
    expect(count('Kubernetes', 'Etcd', 'UNHEALTHY')).toBe(0);
  });
});

describe('ports', () => {
  const web = { ...http, name: 'web' };
  const inputOf = (merged: Service, provider: RegistryProvider) => {
    const own = { layer: layer(provider), value: aService({ provider, ports: [web] }) };
    const shards = [{ layer: own.layer, value: [anEndpoint({ portName: 'web' })] }];
    return { merged, shards, services: [{ layer: layer('Kubernetes'), value: merged }, own] };
  };

  test('that the merge renamed keep their endpoints', () => {
    expect(mergeEndpoints(inputOf(aService(), 'Consul'))[0]?.portName).toBe('http');
    expect(mergeEndpoints(inputOf(aService({ provider: 'Kubernetes' }), 'Consul'))[0]?.portName).toBe('http');
  });

  test('of a ServiceEntry reach a Kubernetes service by name alone, as in Istio', () => {
    expect(mergeEndpoints(inputOf(aService({ provider: 'Kubernetes' }), 'External'))[0]?.portName).toBe('web');
  });
});

describe('modes', () => {
  const kube = shard('Kubernetes', { address: '1.1.1.1', health: 'UNHEALTHY' });
  const consul = shard('Consul', { address: '2.2.2.2' });
  const etcd = shard('Etcd', { address: '3.3.3.3' });
  const addresses = (shards: EndpointParts, mode: MergeMode): readonly string[] => merge(shards, mode).map(({ address }) => address);

  test('union: all', () => {
    expect(addresses([kube, consul, etcd], 'union')).toEqual(['1.1.1.1', '2.2.2.2', '3.3.3.3']);
  });

  test('priority: the first with a healthy endpoint, else the first', () => {
    expect(addresses([kube, consul, etcd], 'priority')).toEqual(['2.2.2.2']);
    expect(addresses([consul, etcd], 'priority')).toEqual(['2.2.2.2']);
    expect(addresses([kube], 'priority')).toEqual(['1.1.1.1']);
    expect(addresses([kube, shard('Consul', { address: '2.2.2.2', health: 'DRAINING' })], 'priority')).toEqual(['1.1.1.1']);
  });

  test('exclusive: the first', () => {
    expect(addresses([kube, consul, etcd], 'exclusive')).toEqual(['1.1.1.1']);
  });

  test('clusters of Kubernetes stand and fall together', () => {
    const far = { layer: layer('Kubernetes', 'far'), value: [anEndpoint({ address: '1.1.1.2' })] };
    expect(addresses([kube, far, consul], 'priority')).toEqual(['1.1.1.1', '1.1.1.2']);
  });
});
