// F55: Secrets of further clusters that are bad, slow, changed, gone, or say the same cluster twice.
import { expect, onTestFinished, test, vi } from 'vitest';
import { createRemoteClusters } from '../../src/app/remote-clusters.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { FakeClock } from '../../src/lib/fake-clock.ts';
import { silentLogger } from '../../src/lib/log.ts';
import type { ConfigObject } from '../../src/model/config-object.ts';
import { parseObject } from '../../src/schema/parse-object.ts';
import { FakeApiServer } from '../harness/kube/fake-api-server.ts';
import { putNamespace, putSlice, putWeb } from '../harness/kube/kube-objects.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const home = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.0.0.1, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 8080}]
endpoints: [{addresses: [10.1.0.1]}]
`;

const eventually = { timeout: 20_000, interval: 5 };

function secret(name: string, clusters: Readonly<Record<string, string>>, namespace = 'istio-system'): ConfigObject {
  const { object } = parseObject({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { 'istio/multiCluster': 'true' } },
    stringData: clusters,
  });
  if (object === undefined) throw new Error('a bad Secret');
  return object;
}

async function api(): Promise<FakeApiServer> {
  const fake = await FakeApiServer.start();
  onTestFinished(() => fake.stop());
  return fake;
}

/** A mesh with a cluster of its own, before further ones are looked for. */
async function setUp(clock: Clock = systemClock) {
  const mesh = await TextMesh.create({ config: [home] });
  const clusters = createRemoteClusters(mesh.plane, { env: {}, clock, log: silentLogger });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const put = (...objects: readonly ConfigObject[]) => mesh.texts.applyObjects(objects);
  const addresses = () => {
    const endpoints = mesh.plane.services.endpoints.get().get('shop/web.shop.svc.cluster.local') ?? [];
    return endpoints.map(({ clusterId, address }) => `${clusterId} ${address}`);
  };
  const issues = () => mesh.plane.config.issues.get().map(({ message }) => message);
  return { mesh, clusters, put, addresses, issues, start: () => clusters.start(stop.signal) };
}

test('F55 a cluster is part of the mesh: merged services, its own address and network, until its Secret goes', async () => {
  const { mesh, put, addresses, issues, start } = await setUp();
  const far = await api();
  putWeb(far, '10.9.0.1', '10.2.0.1');
  putNamespace(far, 'istio-system', { 'topology.istio.io/network': 'far' });
  put(secret('far', { far: far.kubeconfig }));
  await start();
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']);
  const service = mesh.plane.services.services.get().get('shop/web.shop.svc.cluster.local');
  expect(service?.clusterAddresses).toEqual({ Kubernetes: ['10.0.0.1'], far: ['10.9.0.1'] });
  const endpoint = mesh.plane.services.endpoints.get().get('shop/web.shop.svc.cluster.local')?.[1];
  expect(endpoint).toMatchObject({ network: 'far', labels: { 'topology.istio.io/cluster': 'far', 'topology.istio.io/network': 'far' } });
  putSlice(far, '10.2.0.1', '10.2.0.2');
  await vi.waitFor(() => expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1', 'far 10.2.0.2']), eventually);
  const before = mesh.plane.engine.revision;
  mesh.texts.remove({ kind: 'Secret', namespace: 'istio-system', name: 'far' });
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1']);
  expect(mesh.plane.engine.revision).toBe(before + 2);
  expect(issues()).toEqual([]);
});

test('F55 a bad kubeconfig, and one that wants to run programs here, delay nobody and are told', async () => {
  const { mesh, clusters, put, addresses, issues, start } = await setUp();
  const far = await api();
  putWeb(far, '10.9.0.1', '10.2.0.1');
  const evil = JSON.parse(far.kubeconfig) as { users: { user: object }[] };
  evil.users[0]!.user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'true' } };
  put(secret('bad', { nonsense: 'no kubeconfig', evil: JSON.stringify(evil) }), secret('good', { far: far.kubeconfig }));
  await start();
  expect(mesh.plane.hasSynced()).toBe(true);
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']);
  expect(clusters.summaries()).toEqual([
    { id: 'evil', secretName: 'istio-system/bad', syncStatus: 'timeout' },
    { id: 'far', secretName: 'istio-system/good', syncStatus: 'synced' },
    { id: 'nonsense', secretName: 'istio-system/bad', syncStatus: 'timeout' },
  ]);
  expect(issues()).toEqual([expect.stringMatching(/^cluster evil: .*exec/), expect.stringMatching(/^cluster nonsense: /)]);
  mesh.texts.remove({ kind: 'Secret', namespace: 'istio-system', name: 'bad' });
  expect(issues()).toEqual([]);
});

test('F55 a cluster that does not answer is waited for so long and no longer, and taken in when it does', async () => {
  const clock = new FakeClock();
  const { mesh, put, addresses, start } = await setUp(clock);
  const slow = await api();
  putWeb(slow, '10.9.0.1', '10.2.0.1');
  const hanging: (() => void)[] = [];
  slow.intercept = (_request, response) => {
    hanging.push(() => response.destroy());
    return true;
  };
  put(secret('slow', { slow: slow.kubeconfig }));
  let isStarted = false;
  const started = start().then(() => {
    isStarted = true;
  });
  await vi.waitFor(() => expect(hanging.length).toBeGreaterThan(2), eventually);
  await clock.advanceAsync(29_999);
  expect([isStarted, mesh.plane.services.hasSynced()]).toEqual([false, false]);
  await clock.advanceAsync(1);
  await started;
  expect(mesh.plane.hasSynced()).toBe(true);
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1']);
  slow.intercept = undefined;
  for (const end of hanging) end();
  await vi.waitFor(async () => {
    await clock.advanceAsync(1000);
    expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'slow 10.2.0.1']);
  }, eventually);
});

test('F55 other credentials take over when everything was read with them; bad ones change nothing', async () => {
  const { mesh, put, addresses, issues, start } = await setUp();
  const [one, two] = [await api(), await api()];
  putWeb(one, '10.9.0.1', '10.2.0.1');
  putWeb(two, '10.9.0.1', '10.2.0.1');
  put(secret('far', { far: one.kubeconfig }));
  await start();
  const seen = new Set<string>();
  const look = mesh.plane.engine.observe(mesh.plane.services.endpoints, () => seen.add(addresses().join()));
  onTestFinished(look);
  mesh.plane.services.endpoints.get();
  put(secret('far', { far: 'rubbish' }));
  await vi.waitFor(() => expect(issues()).toHaveLength(1), eventually);
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']);
  put(secret('far', { far: two.kubeconfig }));
  await vi.waitFor(() => expect(mesh.plane.registries.layers.lookup('far')?.registry.status().address).toBe(two.url), eventually);
  expect(issues()).toEqual([]);
  putSlice(one, '10.2.0.9');
  putSlice(two, '10.2.0.3');
  await vi.waitFor(() => expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.3']), eventually);
  expect([...seen]).toEqual(['Kubernetes 10.1.0.1,far 10.2.0.3']);
});

test('F55 the same cluster twice: who holds it keeps it, and our own cannot be stated', async () => {
  const { mesh, put, addresses, issues, start } = await setUp();
  const [one, two] = [await api(), await api()];
  putWeb(one, '10.9.0.1', '10.2.0.1');
  putWeb(two, '10.9.0.1', '10.3.0.1');
  put(secret('b', { far: one.kubeconfig }));
  await start();
  put(secret('a', { far: two.kubeconfig, Kubernetes: two.kubeconfig }), secret('c', { other: two.kubeconfig }, 'elsewhere'));
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']);
  expect(issues()).toEqual([
    'the cluster Kubernetes of this Secret is not used: it is the cluster that this control plane belongs to',
    'the cluster far of this Secret is not used: the Secret istio-system/b states it too, and holds it',
  ]);
  mesh.texts.remove({ kind: 'Secret', namespace: 'istio-system', name: 'b' });
  await vi.waitFor(() => expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.3.0.1']), eventually);
});

test('a further cluster keeps to the discoverySelectors of the mesh, with its own namespaces', async () => {
  const { mesh, put, addresses, start } = await setUp();
  const far = await api();
  putWeb(far, '10.9.0.1', '10.2.0.1');
  putNamespace(far, 'shop', { mesh: 'no' });
  put(secret('far', { far: far.kubeconfig }));
  await start();
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']);
  mesh.texts.apply('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {mesh: "yes"}}\n');
  mesh.texts.apply(`apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: 'discoverySelectors: [{matchLabels: {mesh: "yes"}}]'}
`);
  expect(addresses()).toEqual(['Kubernetes 10.1.0.1']);
  putNamespace(far, 'shop', { mesh: 'yes' });
  await vi.waitFor(() => expect(addresses()).toEqual(['Kubernetes 10.1.0.1', 'far 10.2.0.1']), eventually);
});
