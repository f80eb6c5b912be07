import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { EchoServer } from '../../harness/echo-server.ts';
import { StandingOracle } from '../../harness/oracle/standing-oracle.ts';
import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { accountObjects, accounts } from './accounts.ts';
import {
  conditionOf,
  eventually,
  type LiveObject,
  rootNamespace,
  startMeshCluster,
  virtualService,
  virtualServicePath,
} from './mesh-cluster.ts';
import { Replica } from './replica.ts';
import { clusterName, kubeService, stableMesh, stableTraffic } from './stable-mesh.ts';

const lock = 'istio-status-leader';
/** So long that a busy machine takes it from nobody. */
const leaseSeconds = 10;
const route = [{ destination: { host: 'b.example' } }];
const leads = /^coxswain_leader\{lock="istio-status-leader"\} 1/;
const invalid = [{ timeout: 'soon', route }];

interface Lease {
  readonly spec: {
    readonly holderIdentity: string;
    readonly acquireTime: string;
    readonly renewTime: string;
    readonly leaseTransitions: number;
  };
}

describeNeeding(['kube', 'openssl'], 'leaders of a cluster', () => {
  let cluster: KubeCluster;
  let backend: EchoServer;
  let onlooker: string;
  let oracle: StandingOracle | undefined;
  const replicas: Replica[] = [];
  let made = 0;

  beforeAll(async () => {
    cluster = await startMeshCluster();
    backend = await EchoServer.start('stable');
    await cluster.apply(...accountObjects(), ...stableMesh(backend.port));
    onlooker = join(cluster.directory, 'observer.kubeconfig');
    await writeFile(onlooker, await cluster.kubeconfigOf({ token: await cluster.tokenOf(rootNamespace, accounts.observer) }));
  });
  afterEach(async () => {
    await oracle?.stop();
    oracle = undefined;
    // told to stop they let go of their leases: the next ones need not wait
    await Promise.all(replicas.splice(0).map((replica) => replica.end()));
  });
  afterAll(async () => {
    await backend?.stop();
    await cluster?.stop();
  });

  /** Requests and proxies at one of the replicas. */
  const watched = async (serve: Replica) => {
    oracle = await StandingOracle.start({
      serve,
      metrics: serve.metrics,
      protos: loadProtos(),
      ...stableTraffic,
      secrets: ['admin-token'],
    });
    return oracle;
  };
  /** What happens now reaches the proxies, and nothing was lost on the way. */
  const isServed = async (name: string, address: string) => {
    await cluster.apply(...kubeService(name, address));
    await oracle?.allHold(clusterName(name));
    await oracle?.check();
    await oracle?.converged(['--kubeconfig', onlooker]);
  };

  const start = async (env: Readonly<Record<string, string>> = {}) => {
    const replica = await Replica.start({
      kubeconfig: cluster.kubeconfig,
      env: { POD_NAME: `istiod-${made++}`, COXSWAIN_LEASE_DURATION: `${leaseSeconds}s`, ...env },
    });
    replicas.push(replica);
    return replica;
  };
  const leaseNow = () => cluster.http.json<Lease>(`/apis/coordination.k8s.io/v1/namespaces/${rootNamespace}/leases/${lock}`);
  const create = async (name: string, http: unknown, labels = {}) => {
    const path = virtualServicePath(name);
    await cluster.http.json(path.slice(0, path.lastIndexOf('/')), { method: 'POST', body: virtualService(name, http, labels) });
    return path;
  };
  const leading = (replica: Replica, name = lock) =>
    eventually(async () => {
      if (!(await replica.leads(name))) throw new Error(`does not lead: ${replica.log().slice(-500)}`);
    });
  const written = (replica: Replica) => replica.metric('coxswain_status_writes_total', 'outcome="written"');

  test('F15 another replica leads when the lease of a killed one has run out; each status is written once', async () => {
    const first = await start();
    await leading(first);
    const second = await start();
    const eyes = await watched(second);
    const bad = await create('killed-before', invalid);
    expect((await conditionOf(cluster, bad, 'Programmed', 'False')).message).toMatch(/spec\.http\[0\]\.timeout: must be a duration/);
    await eventually(async () => expect([await written(first), await written(second)]).toEqual([1, 0]));
    await first.kill('SIGKILL');
    const killedMs = Date.now();
    const { spec: before } = await leaseNow();
    await leading(second);
    const { spec: after } = await leaseNow();
    expect(after.leaseTransitions).toBe(before.leaseTransitions + 1);
    expect(Date.parse(after.acquireTime) - Date.parse(before.renewTime)).toBeGreaterThanOrEqual(leaseSeconds * 1000);
    console.log(`a new leader ${Date.parse(after.acquireTime) - killedMs} ms after the kill, with a lease of ${leaseSeconds} s`);
    const next = await create('killed-after', invalid);
    await conditionOf(cluster, next, 'Programmed', 'False');
    await eventually(async () => expect(await written(second)).toBe(1));
    await eyes.tells(leads);
    await isServed('after-f15', '10.65.0.1');
  });

  test('F16 a leader that was stopped for longer than the lease writes nothing when it goes on', async () => {
    const first = await start();
    await leading(first);
    const second = await start();
    const eyes = await watched(first);
    first.child.kill('SIGSTOP');
    const path = await create('while-stopped', invalid);
    await leading(second);
    await conditionOf(cluster, path, 'Programmed', 'False');
    const { metadata } = await cluster.http.json<LiveObject>(path);
    first.child.kill('SIGCONT');
    await eyes.wasStopped();
    await eventually(async () => {
      if (await first.leads(lock)) throw new Error('still thinks that it leads');
    });
    expect(await written(first)).toBe(0);
    expect((await cluster.http.json<LiveObject>(path)).metadata.resourceVersion).toBe(metadata.resourceVersion);
    expect((await leaseNow()).spec.holderIdentity).toMatch(new RegExp(`^istiod-${made - 1}_`));
    await eyes.tells(/^coxswain_leader\{lock="istio-status-leader"\} 0/);
    await isServed('after-f16', '10.65.0.2');
  });

  test('a leader that is told to stop lets go of its leases', async () => {
    const first = await start();
    await leading(first);
    const second = await start();
    await first.kill('SIGTERM');
    const { spec } = await eventually(async () => {
      const lease = await leaseNow();
      if (lease.spec.holderIdentity === '') throw new Error('nobody leads');
      return lease;
    });
    expect(spec.holderIdentity).toMatch(new RegExp(`^istiod-${made - 1}_`));
    await leading(second);
  });

  test('F17 revisions write to their own objects, and the default one to those of none', async () => {
    const canary = await start({ REVISION: 'canary' });
    await leading(canary);
    const unlabelled = await create('of-none', invalid);
    await conditionOf(cluster, unlabelled, 'Programmed', 'False');
    const stable = await start();
    const eyes = await watched(stable);
    await leading(stable);
    await eventually(async () => {
      if (await canary.leads(lock)) throw new Error('two lead');
    });
    await leading(canary, `${lock}-canary`);
    const before = await written(canary);
    const [own, other] = [await create('of-canary', invalid, { 'istio.io/rev': 'canary' }), await create('of-none-2', invalid)];
    await conditionOf(cluster, own, 'Programmed', 'False');
    await conditionOf(cluster, other, 'Programmed', 'False');
    await eventually(async () => expect([(await written(canary)) - before, await written(stable)]).toEqual([1, 1]));
    await eyes.tells(/^coxswain_status_writes_total\{outcome="written"\}/);
    await isServed('after-f17', '10.65.0.3');
  });

  test('an Ingress of the mesh says where the gateway is reached, as its Service does, and is written once for each change', async () => {
    const contentType = 'application/merge-patch+json';
    const gateway = `/api/v1/namespaces/${rootNamespace}/services/istio-ingressgateway`;
    const reachedAt = (...ingress: readonly object[]) =>
      cluster.http.json(`${gateway}/status`, { method: 'PATCH', contentType, body: { status: { loadBalancer: { ingress } } } });
    const ingress = (name: string, ingressClassName: string) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace: 'shop' },
      spec: {
        ingressClassName,
        rules: [
          {
            host: `${name}.example`,
            http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'stable-0', port: { number: 80 } } } }] },
          },
        ],
      },
    });
    const said = async (name: string) =>
      (
        await cluster.http.json<{ readonly status: { readonly loadBalancer: object } }>(
          `/apis/networking.k8s.io/v1/namespaces/shop/ingresses/${name}`,
        )
      ).status.loadBalancer;
    const says = (name: string, expected: object) => eventually(async () => expect(await said(name)).toEqual(expected));
    const classOf = (name: string, controller: string) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name },
      spec: { controller },
    });
    await cluster.apply(
      classOf('istio', 'istio.io/ingress-controller'),
      classOf('nginx', 'k8s.io/ingress-nginx'),
      ingress('front', 'istio'),
      ingress('other', 'nginx'),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'istio-ingressgateway', namespace: rootNamespace },
        spec: { type: 'LoadBalancer', ports: [{ name: 'http', port: 80 }] },
      },
    );
    await reachedAt({ ip: '192.0.2.7' });
    const [first, second] = [await start(), await start()];
    await says('front', { ingress: [{ ip: '192.0.2.7' }] });
    await reachedAt({ hostname: 'lb.example' }, { ip: '192.0.2.8' });
    await says('front', { ingress: [{ ip: '192.0.2.8' }, { hostname: 'lb.example' }] });
    await reachedAt();
    await says('front', {});
    expect(await said('other')).toEqual({});
    await eventually(async () => expect((await written(first)) + (await written(second))).toBe(3));
  });

  test('F59 writing a status changes nothing and pushes nothing; a status that is right is not written again', async () => {
    const replica = await start();
    await leading(replica);
    const path = await create('quiet', [{ route }]);
    const changes = () => replica.metric('coxswain_changes_total');
    await cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { spec: { http: invalid } } });
    await conditionOf(cluster, path, 'Programmed', 'False');
    // it is counted when the answer has come, which the test may see before
    await eventually(async () => expect(await written(replica)).toBe(1));
    const [revision, writes] = [await changes(), await written(replica)];
    // What comes behind the status in the same watch shows that the status was heard of.
    const marker = await create('marker', [{ route }]);
    await eventually(async () => {
      const page = await (await fetch(`http://${replica.addresses['http']}/debug/configz`)).text();
      if (!page.includes('"marker"')) throw new Error('the marker is not known yet');
    });
    expect([(await changes()) - revision, (await written(replica)) - writes]).toEqual([1, 0]);
    await cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { spec: { http: [{ route }] } } });
    const condition = await conditionOf(cluster, path, 'Programmed', 'True');
    expect(condition).toMatchObject({ reason: 'Programmed', message: 'no proxy refuses what comes of the object' });
    await cluster.http.json(marker, { method: 'DELETE' });
  });
});
