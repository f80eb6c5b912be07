// F55 against real API servers: Secrets of the first cluster lead to the second one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ServeProcess } from '../../harness/serve-process.ts';
import { ChaosProxy } from '../../harness/servers/chaos-proxy.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

const eventually = { timeout: 60_000, interval: 50 };

interface Shards {
  readonly [host: string]: {
    readonly [namespace: string]: { readonly Shards: { readonly [shard: string]: readonly { readonly Addresses: readonly string[] }[] } };
  };
}

/** A Service in the namespace `shop` with one address behind it, as no controller would have to make it. */
async function applyWeb(cluster: KubeCluster, ...addresses: readonly string[]): Promise<void> {
  await cluster.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  );
}

function secretOf(name: string, clusters: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
    stringData: clusters,
  };
}

describeNeeding(['kube', 'openssl'], 'F55 two clusters', () => {
  let home: KubeCluster;
  let far: KubeCluster;
  let proxy: ChaosProxy;
  let directory: string;
  let serve: ServeProcess;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'coxswain-clusters-'));
    home = await KubeCluster.start({ controllers: false });
    far = await KubeCluster.start({ controllers: false });
    proxy = await ChaosProxy.start({ host: '127.0.0.1', port: Number(new URL(far.url).port) });
    await applyWeb(home, '10.1.0.1');
    await applyWeb(far, '10.2.0.1');
  });

  afterAll(async () => {
    await serve?.stop();
    proxy?.stop();
    vi.unstubAllEnvs();
    await Promise.all([home?.stop(), far?.stop()]);
    await rm(directory, { recursive: true, force: true });
  });

  const token = { token: 'admin-token' };
  const through = (chaos: ChaosProxy) => far.kubeconfigOf(token, `https://${chaos.address}`);
  const clusters = async () => (await serve.get('/debug/clusterz')).json();
  /** Addresses behind the service, by cluster. */
  const addresses = async () => {
    const all = (await (await serve.get('/debug/endpointShardz')).json()) as Shards;
    const shards = all['web.shop.svc.cluster.local']?.['shop']?.Shards ?? {};
    return Object.fromEntries(Object.entries(shards).map(([shard, found]) => [shard, found.flatMap(({ Addresses }) => Addresses)]));
  };
  const here = { 'Kubernetes/Kubernetes': ['10.1.0.1'] };

  test('a bad Secret and one that leads nowhere keep the mesh from being served for so long and no longer', async () => {
    proxy.stall();
    await home.apply(secretOf('bad', { bad: 'no kubeconfig' }), secretOf('far', { far: await through(proxy) }));
    vi.stubEnv('PILOT_REMOTE_CLUSTER_TIMEOUT', '3s');
    serve = await ServeProcess.start(directory, '--kubeconfig', home.kubeconfig);
    expect(await clusters()).toEqual([
      { id: 'Kubernetes', syncStatus: 'synced' },
      { id: 'bad', secretName: 'istio-system/bad', syncStatus: 'timeout' },
      { id: 'far', secretName: 'istio-system/far', syncStatus: 'timeout' },
    ]);
    expect(await addresses()).toEqual(here);
    expect(await (await serve.get('/debug/issuesz')).text()).toContain('cluster bad: ');
    expect(await (await serve.get('/metrics')).text()).toMatch(/coxswain_registry_state\{[^}]*registry="far"[^}]*state="Syncing"[^}]*\} 1/);
  });

  test('a cluster that answers later is taken in, and keeps its view while it is away again', async () => {
    proxy.reset();
    await proxy.heal();
    await vi.waitFor(async () => expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1'] }), eventually);
    proxy.stop();
    await applyWeb(far, '10.2.0.1', '10.2.0.2');
    await vi.waitFor(
      async () =>
        expect(await (await serve.get('/metrics')).text()).toMatch(
          /coxswain_registry_state\{[^}]*registry="far"[^}]*state="Stale"[^}]*\} 1/,
        ),
      eventually,
    );
    expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1'] });
    await proxy.heal();
    await vi.waitFor(async () => expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1', '10.2.0.2'] }), eventually);
  });

  test('other credentials take over without a gap, and those that are refused do not', async () => {
    await home.apply(secretOf('far', { far: await far.kubeconfigOf({ token: 'nobody' }) }));
    await vi.waitFor(async () => expect(await (await serve.get('/debug/issuesz')).text()).toContain('cluster far: '), eventually);
    expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1', '10.2.0.2'] });
    await home.apply(secretOf('far', { far: await far.kubeconfigOf(token) }));
    await vi.waitFor(async () => expect(await (await serve.get('/debug/issuesz')).text()).not.toContain('cluster far: '), eventually);
    await applyWeb(far, '10.2.0.3');
    await vi.waitFor(async () => expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.3'] }), eventually);
  });

  test('a cluster whose Secret goes takes its endpoints with it, and no token is in the log', async () => {
    await home.kubectl(['delete', 'secret', '-n', 'istio-system', 'far']);
    await vi.waitFor(async () => expect(await addresses()).toEqual(here), eventually);
    expect(await clusters()).toHaveLength(2);
    expect(serve.log()).not.toContain('admin-token');
  });
});
