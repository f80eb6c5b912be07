// Complaints about other meshes, each as a test with its number in the project's list of pains.
import { describe, expect, test } from 'vitest';
import { compareText } from '../../model/config-object.ts';
import { put, registryFixture } from '../registry-fixture.ts';
import { anEndpoint, httpPort as http, TableRegistry } from '../table-registry.ts';
import { mergedMesh } from './merged-fixture.ts';

const hosts = Array.from({ length: 2000 }, (_, i) => `s${i}.service.consul`);

describe('pain 11: addresses that move when another host is renamed', () => {
  test('rename one of two thousand, others unchanged', () => {
    const mesh = mergedMesh();
    for (const host of hosts) mesh.dc1.put(host, ['1.0.0.1']);
    const addressOf = (host: string): string | undefined => mesh.service(host)?.autoAllocated.v4;
    const before = new Map(hosts.map((host) => [host, addressOf(host)]));
    expect(new Set(before.values()).size).toBe(hosts.length);
    const revision = mesh.engine.revision;
    mesh.engine.batch(() => {
      mesh.dc1.delete('default/s7.service.consul');
      mesh.dc1.put('seven.service.consul', ['1.0.0.1']);
    });
    const changed = [...(mesh.controller.services.changedSince(revision) ?? [])].sort(compareText);
    expect(changed).toEqual(['default/s7.service.consul', 'default/seven.service.consul']);
    for (const host of hosts) if (host !== 's7.service.consul') expect(addressOf(host)).toBe(before.get(host));
  });

  test('the address of a host outlives registries, restarts and whatever else is said of it', () => {
    const mesh = mergedMesh();
    mesh.dc1.put('a.com', ['1.0.0.1']);
    const address = mesh.service('a.com')?.autoAllocated;
    mesh.dc2.put('a.com', ['1.0.0.2']);
    mesh.dc1.delete('default/a.com');
    expect(mesh.service('a.com')?.autoAllocated).toEqual(address);
    mesh.kube.put('a.com', [], { addresses: ['10.96.0.1'] });
    expect(mesh.service('a.com')?.autoAllocated).toEqual({});
    mesh.kube.delete('default/a.com');
    expect(mesh.service('a.com')?.autoAllocated).toEqual(address);
    const other = mergedMesh();
    for (const host of hosts.slice(0, 50)) other.dc1.put(host, []);
    other.etcd.put('a.com', []);
    expect(other.service('a.com')?.autoAllocated).toEqual(address);
  });

  test('of two hosts that want one address the first by name has it for good, and the other one of its own', () => {
    const mesh = mergedMesh();
    const [first, second] = ['h19914.consul', 'h29131.consul'];
    const addressOf = (host: string): string | undefined => mesh.service(host)?.autoAllocated.v4;
    mesh.dc1.put(first, []);
    const alone = addressOf(first);
    mesh.dc1.put(second, []);
    const other = addressOf(second);
    expect(addressOf(first)).toBe(alone);
    expect(other).not.toBe(alone);
    mesh.dc1.put(first, ['1.0.0.1'], { labels: { x: 'y' } });
    mesh.dc2.put(second, ['1.0.0.2']);
    expect([addressOf(first), addressOf(second)]).toEqual([alone, other]);
    mesh.dc1.delete(`default/${second}`);
    mesh.dc2.delete(`default/${second}`);
    expect(addressOf(first)).toBe(alone);
    mesh.dc1.delete(`default/${first}`);
    mesh.dc1.put(second, []);
    expect(addressOf(second), 'they do want the same one').toBe(alone);
  });
});

describe('pain 13: a ServiceEntry hides another service of its host', () => {
  const web = 'web.default.svc.cluster.local';
  const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];

  test('of Kubernetes in its own namespace: that one stays as it is', () => {
    const mesh = registryFixture();
    put(mesh, 'Service', 'web', { spec: { clusterIP: '10.96.0.1', selector: { app: 'web' }, ports: [{ port: 80, name: 'http' }] } });
    const before = mesh.controller.services.lookup(`default/${web}`);
    put(mesh, 'ServiceEntry', 'web', { hosts: [web], resolution: 'STATIC', ports, endpoints: [{ address: '1.0.0.2' }] });
    const { siblings: _, ...after } = mesh.controller.services.lookup(`default/${web}`) ?? {};
    expect(after).toEqual(before);
    expect(mesh.controller.endpoints.lookup(`default/${web}`)?.map(({ address }) => address)).toEqual(['1.0.0.2']);
  });

  test('in another namespace: both are there', () => {
    const mesh = registryFixture();
    put(mesh, 'Service', 'web', { spec: { clusterIP: '10.96.0.1', ports: [{ port: 80, name: 'http' }] } });
    put(mesh, 'ServiceEntry', 'other/web', { hosts: [web], resolution: 'STATIC', ports, endpoints: [{ address: '1.0.0.2' }] });
    const registry = new TableRegistry(mesh.engine, 'dc1');
    registry.put(web, ['1.0.0.3'], { namespace: 'third' });
    mesh.controller.registries.add(registry);
    expect([...mesh.controller.servicesByHostname.group(web).get().keys()]).toEqual([`default/${web}`, `other/${web}`, `third/${web}`]);
    expect(mesh.controller.services.lookup(`default/${web}`)?.addresses).toEqual(['10.96.0.1']);
  });
});

test('pain 14: when all instances are unhealthy nobody makes them healthy, and priority fails over', () => {
  const mesh = mergedMesh();
  mesh.dc1.put('a.com', ['1.0.0.1']);
  mesh.dc2.put('a.com', ['1.0.0.2']);
  mesh.dc1.endpoints.set('default/a.com', [anEndpoint({ address: '1.0.0.1', health: 'UNHEALTHY' })]);
  expect(mesh.endpoints('a.com').map(({ address, health }) => `${address} ${health}`)).toEqual(['1.0.0.1 UNHEALTHY', '1.0.0.2 HEALTHY']);
  mesh.rules.set('default/a.com', { mode: 'priority', with: [] });
  expect(mesh.addresses('a.com')).toEqual(['1.0.0.2']);
  mesh.dc2.endpoints.set('default/a.com', []);
  expect(mesh.endpoints('a.com').map(({ health }) => health)).toEqual(['UNHEALTHY']);
});

test('pain 15: a registry is exchanged in one revision, so that what both know is never missing', () => {
  const mesh = mergedMesh();
  mesh.dc1.put('a.com', ['1.0.0.1', '1.0.0.2']);
  const next = new TableRegistry(mesh.engine, 'dc1');
  next.put('a.com', ['1.0.0.2', '1.0.0.3']);
  const seen: (readonly string[])[] = [];
  mesh.engine.observe(mesh.controller.endpoints, () => seen.push(mesh.addresses('a.com')));
  mesh.registries.replace('dc1', next);
  expect(seen).toEqual([['1.0.0.2', '1.0.0.3']]);
});

test('pain 24: one name in two namespaces is two services', () => {
  const mesh = mergedMesh();
  mesh.kube.put('a.com', ['1.0.0.1'], { namespace: 'one' });
  mesh.dc1.put('a.com', ['1.0.0.2'], { namespace: 'two' });
  expect([mesh.addresses('a.com', 'one'), mesh.addresses('a.com', 'two')]).toEqual([['1.0.0.1'], ['1.0.0.2']]);
  expect(mesh.codes()).toEqual([]);
});

test('pain 25: what a registry has not told yet is not taken for empty, and stays while it cannot be asked', () => {
  const mesh = mergedMesh();
  mesh.kube.put('a.com', ['1.0.0.1']);
  mesh.dc1.put('a.com', ['1.0.0.2']);
  mesh.controller.hasSynced();
  mesh.dc1.isSynced = false;
  const late = new TableRegistry(mesh.engine, 'late');
  late.isSynced = false;
  mesh.registries.add(late);
  expect(mesh.addresses('a.com')).toEqual(['1.0.0.1', '1.0.0.2']);
  expect(mesh.controller.hasSynced()).toBe(true);
});

test('pain 27: two datacenters with one host keep their localities; one address in two networks is two places', () => {
  const mesh = mergedMesh();
  mesh.dc1.put('a.com', []);
  mesh.dc2.put('a.com', []);
  mesh.dc1.endpoints.set('default/a.com', [anEndpoint({ address: '1.0.0.1', locality: 'dc1//' })]);
  mesh.dc2.endpoints.set('default/a.com', [anEndpoint({ address: '1.0.0.1', locality: 'dc2//', network: 'far' })]);
  expect(mesh.endpoints('a.com').map(({ locality, network }) => [locality, network])).toEqual([
    ['dc1//', ''],
    ['dc2//', 'far'],
  ]);
});

test('pain 28: endpoints that come and go change no service', () => {
  const mesh = mergedMesh();
  mesh.kube.put('a.com', []);
  mesh.dc1.put('a.com', ['1.0.0.1']);
  const revision = mesh.engine.revision;
  for (const addresses of [[], ['1.0.0.1'], [], ['1.0.0.1', '1.0.0.2']]) {
    mesh.dc1.endpoints.set(
      'default/a.com',
      addresses.map((address) => anEndpoint({ address })),
    );
    expect(mesh.addresses('a.com')).toEqual(addresses);
  }
  expect(mesh.controller.services.changedSince(revision)?.size).toBe(0);
  expect(mesh.controller.endpoints.changedSince(revision)?.size).toBe(1);
});

describe('pain 30: names that nothing can be said about', () => {
  test('a service joins a host of the mesh, and stays what it was', () => {
    const mesh = mergedMesh();
    const web = 'web.default.svc.cluster.local';
    mesh.kube.put(web, ['1.0.0.1'], { addresses: ['10.96.0.1'] });
    mesh.dc1.put('web.service.consul', ['1.0.0.2'], { namespace: 'consul', ports: [{ ...http, name: 'web' }] });
    expect(mesh.addresses(web)).toEqual(['1.0.0.1']);
    mesh.rules.set(`default/${web}`, { mode: 'union', with: ['consul/web.service.consul'] });
    expect(mesh.addresses(web)).toEqual(['1.0.0.1', '1.0.0.2']);
    expect(mesh.endpoints(web).map(({ portName }) => portName)).toEqual(['http', 'http']);
    expect(mesh.addresses('web.service.consul', 'consul')).toEqual(['1.0.0.2']);
    expect(mesh.service('web.service.consul', 'consul')?.autoAllocated.v4).toMatch(/^241\./);
    mesh.rules.delete(`default/${web}`);
    expect(mesh.addresses(web)).toEqual(['1.0.0.1']);
  });

  test('a host that nobody else has is made of those that join it', () => {
    const mesh = mergedMesh();
    mesh.rules.set('default/shop', { mode: 'union', with: ['default/a.consul', 'default/b.consul'] });
    mesh.dc1.put('a.consul', ['1.0.0.1']);
    mesh.dc2.put('b.consul', ['1.0.0.2']);
    expect(mesh.service('shop')).toMatchObject({ hostname: 'shop', namespace: 'default', provider: 'Consul' });
    expect(mesh.addresses('shop')).toEqual(['1.0.0.1', '1.0.0.2']);
  });
});

test('pain 33: every endpoint says which registry it came from, one of several names them all', () => {
  const mesh = registryFixture();
  const web = 'web.default.svc.cluster.local';
  put(mesh, 'Service', 'web', { spec: { clusterIP: '10.96.0.1', selector: { app: 'web' }, ports: [{ port: 80, name: 'http' }] } });
  put(mesh, 'Pod', 'web-1', { status: { podIP: '1.0.0.1' } }, { labels: { app: 'web' } });
  put(mesh, 'WorkloadEntry', 'vm', { address: '1.0.0.2', labels: { app: 'web' } });
  const consul = new TableRegistry(mesh.engine, 'dc1');
  consul.put(web, ['1.0.0.1', '1.0.0.3']);
  mesh.controller.registries.add(consul);
  const seen = mesh.controller.endpoints.lookup(`default/${web}`)?.map(({ address, labels, sources }) => {
    return [address, labels['registry.mesh/provider'], labels['registry.mesh/id'], sources];
  });
  expect(seen).toEqual([
    ['1.0.0.1', 'Kubernetes', 'Kubernetes', ['Kubernetes/Kubernetes', 'Consul/dc1']],
    ['1.0.0.2', 'External', 'External', undefined],
    ['1.0.0.3', 'Consul', 'dc1', undefined],
  ]);
});
