import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { type RealEnvoy, startProxy } from '../../harness/real-envoy.ts';
import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { conditionOf, eventually, type LiveObject, startMeshCluster, virtualService, virtualServicePath } from './mesh-cluster.ts';
import { Replica } from './replica.ts';

const route = [{ destination: { host: 'web.shop.svc.cluster.local' } }];
/** Our tables of Unicode know a script that Envoy's do not know yet: an expression that is right, and refused. */
const refused = '\\p{Garay}';
const withRegex = (regex: string) => [{ route: [...route], match: [{ uri: { regex } }] }, { route }];

/** Of two replicas one leads, and a real Envoy is connected to the other one. */
describeNeeding(['kube', 'openssl'], 'objects that proxies refuse', () => {
  let cluster: KubeCluster;
  let leader: Replica;
  let follower: Replica;
  let envoy: RealEnvoy;

  beforeAll(async () => {
    cluster = await startMeshCluster();
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ name: 'http', port: 80 }] } };
    await cluster.http.json('/api/v1/namespaces/shop/services', { method: 'POST', body: service });
    const start = (name: string) =>
      Replica.start({ kubeconfig: cluster.kubeconfig, env: { POD_NAME: name, COXSWAIN_LEASE_DURATION: '10s' } });
    leader = await start('istiod-0');
    await eventually(async () => {
      if (!(await leader.leads('istio-status-leader'))) throw new Error('nobody leads');
    });
    follower = await start('istiod-1');
    const xdsAddress = follower.addresses['xds'] ?? '';
    envoy = await startProxy(loadProtos(), { name: 'client-1', namespace: 'shop', address: '127.0.9.1', type: 'sidecar', xdsAddress });
  });
  afterAll(async () => {
    await envoy?.stop();
    await Promise.all([leader?.kill(), follower?.kill()]);
    await cluster?.stop();
  });

  const create = (name: string, http: unknown) =>
    cluster.http.json('/apis/networking.istio.io/v1/namespaces/shop/virtualservices', { method: 'POST', body: virtualService(name, http) });
  const change = (name: string, http: unknown) =>
    cluster.http.json(virtualServicePath(name), { method: 'PATCH', contentType: 'application/merge-patch+json', body: { spec: { http } } });

  test('say so, with the words of Envoy, the field and the proxy, until they are mended', async () => {
    await create('fine', withRegex('/fine/.*'));
    await create('broken', withRegex(refused));
    const path = virtualServicePath('broken');
    expect(await conditionOf(cluster, path, 'Programmed', 'False')).toMatchObject({
      reason: 'RefusedByProxies',
      message: `spec.http[0].match[0].uri.regex: invalid character class range: ${refused}; refused by 1 proxy: client-1.shop`,
    });
    const { metadata } = await cluster.http.json<LiveObject>(path);
    await change('broken', withRegex('\\p{Greek}'));
    expect(await conditionOf(cluster, path, 'Programmed', 'True')).toMatchObject({ reason: 'Programmed' });
    expect((await cluster.http.json<LiveObject>(path)).metadata.generation).toBe(metadata.generation + 1);
    expect((await cluster.http.json<LiveObject>(virtualServicePath('fine'))).status).toBeUndefined();
    expect(follower.log()).toContain('"blamed":["VirtualService/shop/broken spec.http[0].match[0].uri.regex"]');
    expect(await follower.metric('coxswain_status_writes_total')).toBe(0);
  });

  test('F59 an idle mesh with a refused object is not pushed to, nor written to', async () => {
    await create('stays-broken', withRegex(refused));
    const path = virtualServicePath('stays-broken');
    await conditionOf(cluster, path, 'Programmed', 'False');
    const before = await cluster.http.json<LiveObject>(path);
    const [pushes, writes] = [await follower.metric('pilot_xds_pushes'), await leader.metric('coxswain_status_writes_total')];
    // A change that every proxy is told of comes after all that the status could have led to.
    await create('later', withRegex('/later'));
    await eventually(async () => {
      if ((await follower.metric('pilot_xds_pushes')) === pushes) throw new Error('not pushed yet');
    });
    expect((await follower.metric('pilot_xds_pushes')) - pushes).toBe(1);
    expect(await leader.metric('coxswain_status_writes_total')).toBe(writes);
    expect((await cluster.http.json<LiveObject>(path)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    await cluster.http.json(path, { method: 'DELETE' });
    await eventually(async () => {
      const { items } = await cluster.http.json<{ items: readonly object[] }>(
        '/api/v1/namespaces/istio-system/configmaps?labelSelector=coxswain.io/proxy-refusals=true',
      );
      if (items.length > 0) throw new Error('what was refused is still reported');
    });
  });
});
