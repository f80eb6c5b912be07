// What is served is the same whether the objects come out of an API server or out of a directory of YAML.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createControlPlane } from '../../../src/app/control-plane.ts';
import { parseWithEffect } from '../../../src/app/kinds-without-effect.ts';
import type { ConfigSource } from '../../../src/config/config-source.ts';
import { DirectorySource } from '../../../src/config/files/directory-source.ts';
import { KubernetesSource } from '../../../src/config/kubernetes/kubernetes-source.ts';
import { watchedKinds } from '../../../src/config/kubernetes/watched-kinds.ts';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { connectKube } from '../../../src/kubernetes/connect-kube.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { silentLogger } from '../../../src/lib/log.ts';
import { apiVersionOf } from '../../../src/schema/kinds.ts';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { type TestProxy, TextMesh } from '../../harness/text-mesh.ts';
import { collectionPath, putObjects, type YamlObject } from './put-objects.ts';

const golden = join(import.meta.dirname, '../../golden');
const areas = ['virtual-service', 'destination-rule', 'services', 'service-entry', 'gateway', 'export-to', 'inbound'];
const proxies: readonly TestProxy[] = [
  { nodeId: 'sidecar~10.1.7.7~client.shop~shop.svc.cluster.local', metadata: { LABELS: { app: 'client' } } },
  { nodeId: 'sidecar~10.1.0.1~reviews-v1.shop~shop.svc.cluster.local', metadata: { LABELS: { app: 'reviews', version: 'v1' } } },
  { nodeId: 'router~10.1.9.9~ingress-1.edge~edge.svc.cluster.local', metadata: { LABELS: { istio: 'ingressgateway' } } },
];

/** The objects of the golden worlds and cases; of those with one name the first. */
function goldenObjects(): readonly YamlObject[] {
  const files = ['worlds/shop.yaml', 'worlds/ingress.yaml'];
  for (const area of areas)
    for (const name of readdirSync(join(golden, 'cases', area)).sort())
      if (name.endsWith('.in.yaml')) files.push(join('cases', area, name));
  const byName = new Map<string, YamlObject>();
  for (const file of files) {
    for (const document of parseAllDocuments(readFileSync(join(golden, file), 'utf8'))) {
      const object = document.toJS() as YamlObject | null;
      if (object?.kind === undefined) continue;
      const key = `${object.apiVersion} ${object.kind} ${object.metadata.namespace} ${object.metadata.name}`;
      if (!byName.has(key)) byName.set(key, object);
    }
  }
  return [...byName.values()];
}

describeNeeding(['kube', 'openssl'], 'the golden worlds in a real API server', () => {
  let cluster: KubeCluster;
  let live: TextMesh;
  const end = new AbortController();

  beforeAll(async () => {
    cluster = await KubeCluster.start({ controllers: false });
    await cluster.apply(...customKinds.map((kind) => looseCrd(kind)));
    await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
    const objects = goldenObjects();
    const refused = await putObjects(cluster, objects);
    expect(refused).toEqual([]);
    expect(objects.length).toBeGreaterThan(60);
    const source = new KubernetesSource({
      name: 'kubernetes',
      client: await connectKube({ kind: 'kubeconfig', files: [cluster.kubeconfig] }),
      kinds: watchedKinds('istio-system'),
      parseObject: parseWithEffect,
      clock: systemClock,
      random: Math.random,
    });
    live = await meshOn(source);
  });
  afterAll(async () => {
    end.abort();
    await cluster?.stop();
  });

  /** The same objects in a directory, as `kubectl get -o json` writes them. */
  async function asDirectory(directory: string): Promise<TextMesh> {
    for (const { kind, selection } of watchedKinds('istio-system')) {
      const all = collectionPath(kind, apiVersionOf(kind), selection?.namespace ?? 'any').replace('/namespaces/any', '');
      const { items, apiVersion } = await cluster.http.json<{ readonly apiVersion: string; readonly items: readonly object[] }>(all);
      const whole = items.map((item) => ({ apiVersion, kind: kind.documentKind, ...item }));
      await writeFile(join(directory, `${kind.kind}.json`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: whole }));
    }
    return meshOn(new DirectorySource({ directories: [directory], parseObject: parseWithEffect, clock: systemClock }));
  }

  async function meshOn(source: ConfigSource): Promise<TextMesh> {
    const plane = createControlPlane({ sources: [source], env: {}, protos: loadProtos(), log: silentLogger });
    await plane.config.start(end.signal);
    return TextMesh.of(plane);
  }

  async function expectEqual(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'coxswain-golden-'));
    const directory = await asDirectory(folder);
    await rm(folder, { recursive: true });
    let clusters = 0;
    for (const proxy of proxies) {
      const expected = directory.allResources(directory.connect(proxy));
      clusters += expected.clusters.size;
      expect(live.allResources(live.connect(proxy))).toEqual(expected);
    }
    expect(clusters).toBeGreaterThan(60);
  }

  test('are served as out of a directory', expectEqual);

  test('are so after a change, a deletion and an addition', async () => {
    const { http } = cluster;
    const contentType = 'application/merge-patch+json';
    const slice = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/reviews-1';
    await http.json(slice, {
      method: 'PATCH',
      contentType,
      body: { endpoints: [{ addresses: ['10.1.0.2'], conditions: { ready: true } }] },
    });
    await http.json('/api/v1/namespaces/shop/pods/reviews-v1?gracePeriodSeconds=0', { method: 'DELETE' });
    const added = await putObjects(cluster, [
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'added', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
    ]);
    expect(added).toEqual([]);
    await vi.waitFor(expectEqual, { timeout: 60_000, interval: 200 });
  });
});
