// Services of a live registry on their way to a proxy, beside those of Kubernetes and of ServiceEntries.
import { describe, expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { TableRegistry } from '../../src/registry/table-registry.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const client = { nodeId: 'sidecar~10.0.0.9~client.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } };
const capturing = { ...client, metadata: { NAMESPACE: 'shop', DNS_CAPTURE: 'true' } };
const host = 'register.shop.svc.cluster.local';
const types = ['CDS', 'EDS', 'LDS', 'RDS'] as const;

const register = `
apiVersion: v1
kind: Service
metadata: {name: register, namespace: shop}
spec: {clusterIP: 10.96.0.7, selector: {app: register}, ports: [{name: http, port: 12312}]}
---
apiVersion: v1
kind: Pod
metadata: {name: register-1, namespace: shop, labels: {app: register}}
status: {podIP: 10.0.0.1}
`;
const split = (of: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: register, namespace: shop}
spec:
  host: ${of}
  subsets:
  - {name: pods, labels: {registry.mesh/provider: Kubernetes}}
  - {name: vms, labels: {registry.mesh/provider: Consul}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: register, namespace: shop}
spec:
  hosts: [${of}]
  http: [{route: [{destination: {host: ${of}, subset: vms}}]}]
`;

async function withConsul(config: string) {
  const mesh = await TextMesh.create({ config: [config] });
  const consul = new TableRegistry(mesh.plane.engine, 'dc1');
  mesh.plane.registries.add(consul);
  return { mesh, consul };
}

const http = { number: 12312, name: 'http', protocol: 'HTTP' } as const;
const inShop = { namespace: 'shop', ports: [http], meshExternal: false };

function addressesOf(mesh: TextMesh, proxy: ReturnType<TextMesh['connect']>, cluster: string): readonly string[] {
  const text = JSON.stringify(mesh.resources(proxy, 'EDS').get(cluster));
  return [...text.matchAll(/"address":"([\d.]+)"/g)].map(([, address = '']) => address);
}

test('pain 33: a DestinationRule splits a host between pods and what Consul knows, whoever of the two is there', async () => {
  const { mesh, consul } = await withConsul(`${register}---${split(host)}`);
  const proxy = mesh.connect(client);
  const subset = (name: string) => addressesOf(mesh, proxy, `outbound|12312|${name}|${host}`);
  consul.put(host, ['10.9.0.1'], inShop);
  expect([subset(''), subset('pods'), subset('vms')]).toEqual([['10.0.0.1', '10.9.0.1'], ['10.0.0.1'], ['10.9.0.1']]);
  mesh.plane.registries.remove('dc1');
  expect([subset(''), subset('pods'), subset('vms')]).toEqual([['10.0.0.1'], ['10.0.0.1'], []]);
});

test('pain 28: endpoints of a live registry that come and go touch EDS alone', async () => {
  const { mesh, consul } = await withConsul(register);
  consul.put(host, [], inShop);
  consul.put('flap.service.consul', [], { ...inShop, namespace: 'consul' });
  const proxy = mesh.connect(client);
  for (const type of types) mesh.resources(proxy, type);
  const before = mesh.plane.engine.revision;
  for (const addresses of [['10.9.0.1'], [], ['10.9.0.1', '10.9.0.2']]) {
    consul.put(host, addresses, inShop);
    consul.put('flap.service.consul', addresses, { ...inShop, namespace: 'consul' });
    expect(addressesOf(mesh, proxy, 'outbound|12312||flap.service.consul')).toEqual(addresses);
  }
  const changed = types.map((type) => [type, [...(proxy.view(typeUrls[type])?.changedSince(before) ?? ['everything'])].sort()]);
  expect(Object.fromEntries(changed)).toEqual({
    CDS: [],
    EDS: ['outbound|12312||flap.service.consul', `outbound|12312||${host}`],
    LDS: [],
    RDS: [],
  });
});

test('pain 11: two TCP services of one port have a listener each, at addresses of their own', async () => {
  const { mesh, consul } = await withConsul(register);
  const ports = [{ number: 5432, name: 'tcp', protocol: 'TCP' } as const];
  consul.put('a.service.consul', ['10.9.0.1'], { ...inShop, ports });
  consul.put('b.service.consul', ['10.9.0.2'], { ...inShop, ports });
  const listeners = () => [...mesh.resources(mesh.connect(capturing), 'LDS').keys()].filter((name) => name.endsWith('_5432')).sort();
  const [a, b] = ['a', 'b'].map((name) => mesh.plane.services.services.lookup(`shop/${name}.service.consul`)?.autoAllocated.v4 ?? '');
  expect(listeners()).toEqual([`${a}_5432`, `${b}_5432`].sort());
  consul.delete('shop/b.service.consul');
  expect(listeners()).toEqual([`${a}_5432`]);
});

describe('pain 30: rules hold', () => {
  test('for a host of a live registry, by its full name', async () => {
    const { mesh, consul } = await withConsul(split('web.service.consul'));
    consul.put('web.service.consul', ['10.9.0.1'], { ...inShop, namespace: 'consul' });
    const proxy = mesh.connect(client);
    expect(addressesOf(mesh, proxy, 'outbound|12312|vms|web.service.consul')).toEqual(['10.9.0.1']);
    expect(JSON.stringify(mesh.resources(proxy, 'RDS').get('12312'))).toContain('outbound|12312|vms|web.service.consul');
  });

  test('for a host that it has joined, and that one goes by its short name', async () => {
    const { mesh, consul } = await withConsul(`${register}---${split('register')}`);
    consul.put(host, ['10.9.0.1'], inShop);
    const proxy = mesh.connect(client);
    expect(addressesOf(mesh, proxy, `outbound|12312|vms|${host}`)).toEqual(['10.9.0.1']);
    expect(JSON.stringify(mesh.resources(proxy, 'RDS').get('12312'))).toContain(`outbound|12312|vms|${host}`);
  });
});

test('a MeshRegistries document makes a service join a host, and says who serves it', async () => {
  const { mesh, consul } = await withConsul(register);
  consul.put('register.service.consul', ['10.9.0.1'], { ...inShop, namespace: 'consul' });
  const proxy = mesh.connect(client);
  const addresses = () => addressesOf(mesh, proxy, `outbound|12312||${host}`);
  expect(addresses()).toEqual(['10.0.0.1']);
  const merge = (mode: string) => `
apiVersion: coxswain.io/v1alpha1
kind: MeshRegistries
metadata: {name: mesh}
spec:
  registries: []
  merge:
  - {host: ${host}, namespace: shop, mode: ${mode}, with: [{host: register.service.consul, namespace: consul}]}
`;
  mesh.texts.apply(merge('union'));
  expect(addresses()).toEqual(['10.0.0.1', '10.9.0.1']);
  mesh.texts.apply(merge('exclusive'));
  expect(addresses()).toEqual(['10.0.0.1']);
  expect(mesh.plane.issues.get().map(({ code }) => code)).toEqual(['CXS0203']);
  mesh.texts.remove({ kind: 'MeshRegistries', namespace: '', name: 'mesh' });
  expect(mesh.plane.issues.get()).toEqual([]);
});

test('a port that only Consul knows is opened for clients, and not on the pods', async () => {
  const { mesh, consul } = await withConsul(register);
  consul.put(host, ['10.9.0.1'], { ...inShop, ports: [http, { number: 9090, name: 'http-admin', protocol: 'HTTP' }] });
  const pod = mesh.connect({ nodeId: 'sidecar~10.0.0.1~register-1.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } });
  const clusters = [...mesh.resources(pod, 'CDS').keys()];
  expect(clusters).toContain(`outbound|9090||${host}`);
  expect(clusters.filter((name) => name.startsWith('inbound|'))).toEqual(['inbound|12312||']);
});

test('a proxy beside an instance that only Consul knows serves what Consul says of it', async () => {
  const { mesh, consul } = await withConsul(register);
  consul.put(host, ['10.9.0.1'], inShop);
  const vm = mesh.connect({ nodeId: 'sidecar~10.9.0.1~vm-1.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } });
  expect([...mesh.resources(vm, 'CDS').keys()].filter((name) => name.startsWith('inbound|'))).toEqual(['inbound|80||']);
});
