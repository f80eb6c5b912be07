import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

interface List {
  readonly items: readonly { readonly endpoints?: readonly unknown[] }[];
}

const configMap = (name: string, data: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});
const configMaps = '/api/v1/namespaces/default/configmaps';

/** The control plane that other suites stand on does what they trust it to do. */
describeNeeding(['kube', 'openssl'], 'a Kubernetes control plane', () => {
  let cluster: KubeCluster;
  beforeAll(async () => {
    cluster = await KubeCluster.start();
  });
  afterAll(() => cluster?.stop());

  test('takes what kubectl applies, and makes endpoints of it', async () => {
    const labels = { app: 'register' };
    await cluster.apply(
      // without its node a pod is no endpoint
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'register', namespace: 'default' },
        spec: { selector: labels, ports: [{ port: 12312 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'register', namespace: 'default', labels },
        spec: { nodeName: 'node', containers: [{ name: 'register', image: 'register' }] },
      },
    );
    const status = {
      podIP: '10.244.0.9',
      podIPs: [{ ip: '10.244.0.9' }],
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    };
    const contentType = 'application/merge-patch+json';
    await cluster.http.json('/api/v1/namespaces/default/pods/register/status', { method: 'PATCH', contentType, body: { status } });
    const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
    await vi.waitFor(async () => {
      const { items } = await cluster.http.json<List>(slices);
      expect(items.flatMap(({ endpoints }) => endpoints ?? [])).toMatchObject([{ addresses: ['10.244.0.9'], conditions: { ready: true } }]);
    }, 60_000);
  });

  test('asks RBAC what a service account may do', async () => {
    const token = await cluster.tokenOf('default', 'default');
    expect((await cluster.http.call(configMaps, { token })).status).toBe(403);
    await cluster.kubectl(['create', 'rolebinding', 'view', '--clusterrole=view', '--serviceaccount=default:default', '-n', 'default']);
    await vi.waitFor(async () => expect((await cluster.http.call(configMaps, { token })).status).toBe(200), 60_000);
    expect((await cluster.http.call(configMaps, { token: 'a stranger' })).status).toBe(401);
  });

  test('answers 410 to a watch from before the history was compacted, once it was started again', async () => {
    const before = await cluster.store.revision();
    await cluster.apply(configMap('one'));
    await cluster.store.compact();
    await cluster.apiServer.kill();
    await expect(cluster.http.call(configMaps)).rejects.toThrow();
    await cluster.apiServer.start();
    // until its caches are there it asks for patience
    await vi.waitFor(async () => {
      const { body } = await cluster.http.call(`${configMaps}?watch=1&resourceVersion=${before}&timeoutSeconds=5`);
      expect(body).toMatchObject({ type: 'ERROR', object: { code: 410 } });
    }, 60_000);
  });

  test('has what was written past it', async () => {
    await cluster.store.put('/registry/configmaps/default/raw', JSON.stringify(configMap('raw', { a: 'b' })));
    await vi.waitFor(async () => {
      expect(await cluster.http.call(`${configMaps}/raw`)).toMatchObject({ status: 200, body: { data: { a: 'b' } } });
    }, 60_000);
  });

  test('can have a second API server over the same data', async () => {
    const second = await cluster.addApiServer();
    await cluster.apply(configMap('two'));
    const token = await cluster.tokenOf('default', 'default');
    const kubeconfig = JSON.parse(await cluster.kubeconfigOf({ token }, second.url)) as object;
    expect(kubeconfig).toMatchObject({ clusters: [{ cluster: { server: second.url } }] });
    await cluster.apiServer.kill();
    const names = await cluster.kubectl(['get', 'configmap', 'two', '-o', 'name', `--server=${second.url}`]);
    expect(names.trim()).toBe('configmap/two');
  });
});
