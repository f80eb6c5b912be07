/** What nobody asks for any more is forgotten: views, cells, encoded bytes, streams. */
import { expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { collectGarbage } from '../harness/collect-garbage.ts';
import { type TestProxy, TextMesh } from '../harness/text-mesh.ts';

const namespaces = ['edge', 'ext', 'pay', 'shop'];

const standing = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: narrow, namespace: pay}
spec: {workloadSelector: {labels: {app: a1}}, egress: [{hosts: ['shop/*', './*']}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec: {selector: {istio: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
---
${externalService('standing')}`;

function externalService(name: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: ext}
spec:
  hosts: [${name}.example.com]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: 443, name: https, protocol: TLS}]
`;
}

/** A service, its DestinationRule and its VirtualService, private to its namespace for every third number. */
function trio(i: number): string {
  const namespace = namespaces[i % namespaces.length] ?? '';
  const host = `web${i}.${namespace}.svc.cluster.local`;
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: web${i}, namespace: ${namespace}}
spec:
  hosts: [${host}]
  exportTo: ['${i % 3 === 0 ? '.' : '*'}']
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: ${80 + (i % 5)}, name: http, protocol: HTTP}, {number: ${9000 + i}, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.2.0.1, labels: {app: web, version: v1}, locality: r/z${i % 3}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web${i}, namespace: ${namespace}}
spec:
  hosts: [${host}, '*.web${i}.com']
  gateways: [mesh, edge/gw]
  http:
  - {match: [{sourceLabels: {app: a${i % 2}}}], route: [{destination: {host: ${host}}}]}
  - {route: [{destination: {host: ${host}, subset: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web${i}, namespace: ${namespace}}
spec:
  host: ${host}
  ${i % 5 === 0 ? 'workloadSelector: {matchLabels: {app: a0}}' : ''}
  subsets: [{name: v1, labels: {version: v1}}]
  trafficPolicy: {outlierDetection: {consecutive5xxErrors: 3}}
`;
}

function proxyOf(role: 'sidecar' | 'router' | 'grpc', namespace: string, i: number): TestProxy {
  const type = role === 'grpc' ? 'sidecar' : role;
  const metadata = { NAMESPACE: namespace, LABELS: { app: `a${i % 2}`, istio: 'gw', number: `${i}` } };
  return {
    nodeId: `${type}~10.0.0.${i}~p${i}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: role === 'grpc' ? { ...metadata, GENERATOR: 'grpc' } : metadata,
    locality: { region: 'r', zone: `z${i % 3}` },
  };
}

/** Proxies of every role and namespace, all of whose resources were read. */
function connectMany(mesh: TextMesh): readonly ProxyViews[] {
  const proxies = [1, 2, 3, 4, 5, 6].flatMap((i) =>
    namespaces.flatMap((namespace) => (['sidecar', 'router', 'grpc'] as const).map((role) => mesh.connect(proxyOf(role, namespace, i)))),
  );
  for (const proxy of proxies) mesh.allResources(proxy);
  return proxies;
}

function held(mesh: TextMesh): { readonly cells: number; readonly observers: number } {
  const { cells, observers } = mesh.plane.engine.stats();
  return { cells, observers };
}

test('when the last proxy has gone nothing is held; while one stays, what it needs alone is', async () => {
  const mesh = await TextMesh.create({ config: [standing, ...Array.from({ length: 12 }, (_, i) => trio(i))] });
  const one = mesh.connect(proxyOf('sidecar', 'shop', 9));
  mesh.allResources(one);
  const before = held(mesh);
  expect(before.cells).toBeGreaterThan(100);
  for (let round = 0; round < 3; round++) {
    const proxies = connectMany(mesh);
    expect(held(mesh).cells).toBeGreaterThan(before.cells);
    for (const proxy of proxies) proxy.close();
    expect(held(mesh)).toEqual(before);
  }
  one.close();
  expect(held(mesh)).toEqual({ cells: 0, observers: 0 });
});

test('hundreds of services with their rules come and go and leave nothing behind', async () => {
  const mesh = await TextMesh.create({ config: [standing] });
  const proxies = (['sidecar', 'router', 'grpc'] as const).map((role) => mesh.connect(proxyOf(role, 'shop', 1)));
  const read = () => {
    for (const proxy of proxies) for (const type of ['CDS', 'EDS', 'LDS', 'RDS'] as const) proxy.view(typeUrls[type])?.all();
  };
  read();
  const before = held(mesh);
  const many = Array.from({ length: 300 }, (_, i) => trio(i)).join('---');
  for (let round = 0; round < 2; round++) {
    mesh.texts.replaceAll([standing, many], '');
    read();
    expect(held(mesh).cells).toBeGreaterThan(before.cells);
    mesh.texts.replaceAll([standing], '');
    read();
    await endOfTurn();
    expect(held(mesh)).toEqual(before);
  }
});

/** Until then replaced views can be read, so that streams are sent the difference. */
function endOfTurn(): Promise<void> {
  return Promise.resolve();
}

const sidecarOfShop = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: one, namespace: shop}
spec: {egress: [{hosts: ['./*']}]}
`;

test('a proxy that is given other views lets go of those it had', async () => {
  const mesh = await TextMesh.create({ config: [standing, trio(1), trio(3)] });
  const proxy = mesh.connect(proxyOf('sidecar', 'shop', 1));
  mesh.allResources(proxy);
  const before = held(mesh);
  const names = [...mesh.resources(proxy, 'CDS').keys()];
  for (let round = 0; round < 3; round++) {
    mesh.texts.apply(sidecarOfShop);
    mesh.allResources(proxy);
    expect([...mesh.resources(proxy, 'CDS').keys()]).not.toEqual(names);
    mesh.texts.remove({ kind: 'Sidecar', namespace: 'shop', name: 'one' });
    mesh.allResources(proxy);
    expect([...mesh.resources(proxy, 'CDS').keys()]).toEqual(names);
    await endOfTurn();
    expect(held(mesh)).toEqual(before);
  }
});

/** Weak references to what a new proxy of shop is served while a Sidecar of its own holds for it. */
function serveOnce(mesh: TextMesh): readonly WeakRef<object>[] {
  mesh.texts.apply(sidecarOfShop.replace('./*', '*/*'));
  const proxy = mesh.connect(proxyOf('sidecar', 'shop', 1));
  const all = (['CDS', 'EDS'] as const).flatMap((type) => [...(proxy.view(typeUrls[type])?.all().values() ?? [])]);
  proxy.close();
  mesh.texts.remove({ kind: 'Sidecar', namespace: 'shop', name: 'one' });
  return all.filter(({ name }) => name.includes('example.com')).map((resource) => new WeakRef(resource));
}

test('bytes made for a Sidecar are forgotten with it, also of services that stay', async () => {
  const mesh = await TextMesh.create({ config: [standing, externalService('other')] });
  mesh.allResources(mesh.connect({ ...proxyOf('sidecar', 'ext', 2), locality: { region: 'elsewhere' } }));
  const served = serveOnce(mesh);
  expect(served.length).toBeGreaterThan(0);
  await collectGarbage();
  expect(served.filter((resource) => resource.deref() !== undefined)).toEqual([]);
});
