// F55 between real API servers: Secrets of the first cluster lead to the second one, beside live traffic and under the oracle's eyes.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ChaosProxy } from '../../harness/servers/chaos-proxy.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { FaultWorld } from '../kubernetes/fault-world.ts';
import { clusterName, kubeService, namespaceOf } from '../kubernetes/stable-mesh.ts';

const eventually = { timeout: 60_000, interval: 50 };

interface Shards {
  readonly [host: string]: {
    readonly [namespace: string]: { readonly Shards: { readonly [shard: string]: readonly { readonly Addresses: readonly string[] }[] } };
  };
}

/** A Service in the namespace `shop` with one address behind it, as no controller would have to make it. */
function web(...addresses: readonly string[]): readonly object[] {
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  ];
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
  let world: FaultWorld<ChaosProxy>;
  let far: KubeCluster;
  /** Before the second cluster. */
  let proxy: ChaosProxy;
  const token = { token: 'admin-token' };

  beforeAll(async () => {
    vi.stubEnv('PILOT_REMOTE_CLUSTER_TIMEOUT', '3s');
    far = await KubeCluster.start({ controllers: false });
    await far.apply(namespaceOf('shop'), namespaceOf('istio-system'), ...web('10.2.0.1'));
    proxy = await before(far.url);
    proxy.stall();
    world = await FaultWorld.start({
      network: ({ url }) => before(url),
      secrets: [token.token],
      prepare: async (home) => {
        const through = await far.kubeconfigOf(token, `https://${proxy.address}`);
        await home.apply(...web('10.1.0.1'), secretOf('bad', { bad: 'no kubeconfig' }), secretOf('far', { far: through }));
      },
    });
  });
  afterEach(async ({ task }) => {
    // where a test failed on its way, the next one finds what it needs
    if (task.result?.state === 'fail') await proxy.heal();
    await world.oracle.check();
    await world.oracle.converged(world.directFlags);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await world?.stop();
    proxy?.stop();
    await far?.stop();
  });

  const clusters = async () => (await world.serve.get('/debug/clusterz')).json();
  /** Addresses behind the service, by cluster. */
  const addresses = async () => {
    const all = (await (await world.serve.get('/debug/endpointShardz')).json()) as Shards;
    const shards = all['web.shop.svc.cluster.local']?.['shop']?.Shards ?? {};
    return Object.fromEntries(Object.entries(shards).map(([shard, found]) => [shard, found.flatMap(({ Addresses }) => Addresses)]));
  };
  const become = (expected: object) => vi.waitFor(async () => expect(await addresses()).toEqual(expected), eventually);
  const issues = async () => (await world.serve.get('/debug/issuesz?text')).text();
  const state = (name: string) => new RegExp(`^coxswain_registry_state\\{registry="far",.*state="${name}"\\} 1`);
  const here = { 'Kubernetes/Kubernetes': ['10.1.0.1'] };

  test('a bad Secret and one that leads nowhere keep the mesh from being served for so long and no longer', async () => {
    expect(await clusters()).toEqual([
      { id: 'Kubernetes', syncStatus: 'synced' },
      { id: 'bad', secretName: 'istio-system/bad', syncStatus: 'timeout' },
      { id: 'far', secretName: 'istio-system/far', syncStatus: 'timeout' },
    ]);
    expect(await addresses()).toEqual(here);
    expect(await issues()).toContain('cluster bad: ');
    expect(
      await world.oracle.total('coxswain_registry_state', 'coxswain_registry_state{registry="far",provider="Kubernetes",state="Syncing"}'),
    ).toBe(1);
    await world.cluster.apply(secretOf('worse', { worse: '{}' }));
    await world.oracle.tells(/CXS0111 .*cluster worse: /);
    await world.cluster.apply(...kubeService('beside-bad', '10.66.0.1'));
    await world.oracle.allHold(clusterName('beside-bad'));
  });

  test('a cluster that answers later is taken in, and keeps its view while it is away again', async () => {
    proxy.reset();
    await proxy.heal();
    await become({ ...here, 'Kubernetes/far': ['10.2.0.1'] });
    proxy.stop();
    await far.apply(...web('10.2.0.1', '10.2.0.2'));
    await world.oracle.tells(state('Stale'));
    expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1'] });
    await world.cluster.apply(...kubeService('while-away', '10.66.0.2'));
    await world.oracle.allHold(clusterName('while-away'));
    await proxy.heal();
    await become({ ...here, 'Kubernetes/far': ['10.2.0.1', '10.2.0.2'] });
  });

  test('other credentials take over without a gap, and those that are refused do not', async () => {
    await world.cluster.apply(secretOf('far', { far: await far.kubeconfigOf({ token: 'nobody' }) }));
    await world.oracle.tells(/cluster far: /);
    expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.1', '10.2.0.2'] });
    await world.cluster.apply(secretOf('far', { far: await far.kubeconfigOf(token) }));
    await vi.waitFor(async () => expect(await issues()).not.toContain('cluster far: '), eventually);
    await far.apply(...web('10.2.0.3'));
    await become({ ...here, 'Kubernetes/far': ['10.2.0.3'] });
  });

  test('one cluster in two Secrets: who holds it keeps it', async () => {
    await world.cluster.apply(secretOf('again', { far: 'somebody else' }));
    await world.oracle.tells(/the cluster far of this Secret is not used/);
    expect(await addresses()).toEqual({ ...here, 'Kubernetes/far': ['10.2.0.3'] });
    await world.cluster.kubectl(['delete', 'secret', '-n', 'istio-system', 'again']);
  });

  test('a cluster whose Secret goes takes its endpoints with it', async () => {
    world.oracle.nothingToTell('somebody wanted it; /debug/clusterz lists what is left');
    await world.cluster.kubectl(['delete', 'secret', '-n', 'istio-system', 'far']);
    await become(here);
    expect(await clusters()).toHaveLength(3);
  });
});

function before(url: string): Promise<ChaosProxy> {
  return ChaosProxy.start({ host: '127.0.0.1', port: Number(new URL(url).port) });
}
