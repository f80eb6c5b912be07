// Faults of the API server and of what lies in it, beside live traffic through a real Envoy and 50 scripted proxies.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { kindOf } from '../../../src/schema/kinds.ts';
import { crdName, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { definitionsServed, removeDefinition } from '../../harness/kube/definitions.ts';
import { CpuShare } from '../../harness/oracle/cpu-share.ts';
import { patiently } from '../../harness/oracle/standing-oracle.ts';
import { ChaosProxy } from '../../harness/servers/chaos-proxy.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { accounts } from './accounts.ts';
import { FaultWorld } from './fault-world.ts';
import { rootNamespace } from './mesh-cluster.ts';
import { clusterName, istioObject, kubeService, namespaceOf } from './stable-mesh.ts';

const gatewayApi = ['KubernetesGateway', 'HTTPRoute'] as const;

interface Watch {
  readonly kind: string;
  readonly apiVersion: string;
  readonly state: string;
  readonly objects: number;
  readonly lists: number;
  readonly errors: number;
  readonly failures: number;
}

describeNeeding(['kube', 'openssl'], 'a control plane on a real API server', () => {
  let world: FaultWorld<ChaosProxy>;

  beforeAll(async () => {
    world = await FaultWorld.start({ network: ({ url }) => ChaosProxy.start({ host: '127.0.0.1', port: Number(new URL(url).port) }) });
  });
  afterAll(() => world?.stop());
  afterEach(async () => {
    // where a test failed on its way, the next one finds what it needs
    if (!world.cluster.apiServer.isRunning) await world.cluster.apiServer.start();
    await world.network.heal();
    await world.oracle.check();
    await world.oracle.converged(world.directFlags);
    expect((await world.serve.get('/ready')).status, 'readiness stays').toBe(200);
  });

  const watches = async (): Promise<readonly Watch[]> => (await (await world.serve.get('/debug/watchz')).json()) as readonly Watch[];
  const watch = async (kind: string): Promise<Watch> => (await watches()).find((each) => each.kind === kind)!;
  const issues = async (): Promise<string> => (await world.serve.get('/debug/issuesz?text')).text();
  /** Objects of a kind that the control plane knows. */
  const known = async (kind: string): Promise<number> =>
    world.oracle.total('coxswain_config_objects', `coxswain_config_objects{kind="${kind}"}`);

  /** A new service reaches every proxy. */
  async function isLive(name: string): Promise<void> {
    await world.cluster.apply(...kubeService(name, '10.62.0.1'));
    await world.oracle.allHold(clusterName(name));
  }

  test('F01: the API server is killed and comes back', async () => {
    await world.cluster.apiServer.kill();
    await patiently(async () => expect(Math.min(...(await watches()).map(({ failures }) => failures))).toBeGreaterThanOrEqual(3));
    // failures of many kinds are told together, a moment later
    await patiently(async () =>
      expect(await issues()).toMatch(/CXS0110 the API server \S+ gives no .*: .*; what was last read stays in force/),
    );
    await world.oracle.tells(/^coxswain_kube_watch_state\{kind="Service",state="Waiting"\} 1/);
    expect((await world.serve.get('/ready')).status).toBe(200);
    await world.cluster.apiServer.start();
    await isLive('after-f01');
    await patiently(async () => expect(await issues()).not.toContain('CXS0110'));
  });

  test('F02: the network swallows everything without a word', async () => {
    const { errors } = await watch('Service');
    world.network.stall();
    await world.cluster.apply(...kubeService('during-f02', '10.62.0.2'));
    // first the silence is noticed, then that nobody answers
    await vi.waitFor(async () => expect((await watch('Service')).errors).toBeGreaterThanOrEqual(errors + 2), {
      timeout: 180_000,
      interval: 100,
    });
    await world.oracle.tells(/CXS0110/);
    await world.network.heal();
    await world.oracle.allHold(clusterName('during-f02'));
  });

  test('F03: the history is compacted while nobody listens', async () => {
    await world.cluster.apply(...kubeService('gone-in-f03', '10.62.0.3'));
    await world.oracle.allHold(clusterName('gone-in-f03'));
    const { lists } = await watch('Service');
    world.network.refuse();
    world.network.reset();
    await world.cluster.kubectl(['delete', 'service,endpointslice', 'gone-in-f03', '-n', 'shop']);
    await world.cluster.store.compact();
    await world.cluster.apiServer.kill();
    await world.cluster.apiServer.start();
    await world.network.heal();
    await world.oracle.allHold(clusterName('gone-in-f03'), false);
    expect((await watch('Service')).lists).toBeGreaterThan(lists);
    await world.oracle.tells(/^coxswain_kube_lists_total\{kind="Service"\}/);
  });

  test('F08: a slow network delays changes, and the newest state arrives', async () => {
    await world.cluster.apply(istioObject('ServiceEntry', 'changing', serviceEntry('changing.internal', '10.62.8.0')));
    await world.oracle.allHold('outbound|80||changing.internal');
    world.network.set({ bytesPerSecond: 20_000 });
    const path = '/apis/networking.istio.io/v1/namespaces/shop/serviceentries/changing';
    for (let n = 1; n <= 200; n++) {
      // so much that it takes longer to arrive than to be written, also on a busy machine
      const body = { metadata: { annotations: { note: 'x'.repeat(1_500) } }, spec: serviceEntry('changing.internal', `10.62.8.${n}`) };
      await world.cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
    }
    await world.oracle.tells(/^coxswain_kube_watch_lag_seconds\{kind="ServiceEntry"\} [1-9]/);
    await patiently(async () => expect(await (await world.serve.get('/debug/endpointz')).text()).toContain('10.62.8.200'));
    await world.network.heal();
  });

  test('F10: kinds come, go and come back', async () => {
    for (const name of gatewayApi) await removeDefinition(world.cluster, crdName(kindOf(name)!));
    await patiently(async () =>
      expect([(await watch('HTTPRoute')).state, (await watch('KubernetesGateway')).state]).toEqual(['Absent', 'Absent']),
    );
    await world.oracle.tells(/^coxswain_kube_watch_state\{kind="HTTPRoute",state="Absent"\} 1/);
    const { errors } = await watch('HTTPRoute');
    await isLive('without-gateway-api');
    expect((await watch('HTTPRoute')).errors, 'no hot loop of 404').toBe(errors);

    const route = kindOf('HTTPRoute')!;
    await world.cluster.apply(looseCrd(route));
    await definitionsServed(world.cluster);
    const served = performance.now();
    const share = new CpuShare(world.serve.programPid);
    await patiently(async () => expect((await watch('HTTPRoute')).state).toBe('Watching'));
    // other work on this machine does not count
    expect((performance.now() - served) * share.sinceLast()).toBeLessThan(10_000);
    const routeObject = (version: string) => ({
      apiVersion: `gateway.networking.k8s.io/${version}`,
      kind: 'HTTPRoute',
      metadata: { name: 'front', namespace: 'shop' },
      spec: { parentRefs: [{ name: 'front' }], rules: [{ backendRefs: [{ name: 'stable-0', port: 80 }] }] },
    });
    await world.cluster.apply(routeObject('v1'));
    await patiently(async () => expect(await known('HTTPRoute')).toBe(1));

    await removeDefinition(world.cluster, crdName(route));
    await patiently(async () => expect(await known('HTTPRoute')).toBe(0));
    await world.cluster.apply(looseCrd(route, { versions: ['v1beta1'], stored: 'v1beta1' }));
    await definitionsServed(world.cluster);
    await world.cluster.apply(routeObject('v1beta1'));
    await patiently(async () => expect(await known('HTTPRoute')).toBe(1));
    expect((await watch('HTTPRoute')).apiVersion).toBe('gateway.networking.k8s.io/v1beta1');
  });

  test('F11: the served version of a kind changes', async () => {
    world.oracle.nothingToTell('the objects are the same; /debug/watchz says in which version they are read');
    const kind = kindOf('DestinationRule')!;
    await world.cluster.apply(
      istioObject('DestinationRule', 'stable', { host: 'stable.internal', trafficPolicy: { connectionPool: { http: { maxRetries: 7 } } } }),
    );
    await patiently(async () => expect(await known('DestinationRule')).toBe(1));
    expect((await watch('DestinationRule')).apiVersion).toBe('networking.istio.io/v1');
    await patiently(async () => expect(await world.oracle.total('coxswain_proxies')).toBe(51));
    const before = await world.oracle.total('coxswain_changes_total');
    // v1 is not served any more: what is stored in it is read as v1beta1
    await world.cluster.apply(looseCrd(kind, { versions: ['v1', 'v1beta1'], stored: 'v1', served: ['v1beta1'] }));
    await patiently(async () => expect((await watch('DestinationRule')).apiVersion).toBe('networking.istio.io/v1beta1'));
    await patiently(async () => expect((await watch('DestinationRule')).state).toBe('Watching'));
    expect(await known('DestinationRule')).toBe(1);
    expect(await world.oracle.total('coxswain_changes_total'), 'nothing flaps').toBe(before);
    await world.cluster.apply(istioObject('DestinationRule', 'other', { host: 'changing.internal' }, 'v1beta1'));
    await patiently(async () => expect(await known('DestinationRule')).toBe(2));
  });

  test('F12: what the API server took without a schema is wrong', async () => {
    const before = await known('VirtualService');
    const route = (n: number) => ({
      match: [{ uri: { prefix: `/${n}` } }],
      route: [{ destination: { host: 'stable.internal' }, weight: 'much' }],
    });
    const huge = { hosts: ['huge.internal'], http: Array.from({ length: 3_000 }, (_, n) => route(n)) };
    const wrong = [
      istioObject('VirtualService', 'types', { hosts: 'everything', http: 7 }),
      { ...istioObject('VirtualService', 'none', {}), spec: null },
      istioObject('VirtualService', 'huge', huge),
    ];
    // kubectl has opinions of its own
    const path = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices';
    for (const body of wrong) await world.cluster.http.json(path, { method: 'POST', body });
    await world.cluster.store.put(
      '/registry/networking.istio.io/virtualservices/shop/raw',
      '{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"raw","namespace":"shop","uid":"7"},"spec":[[]]}',
    );
    await patiently(async () => expect(await issues()).toMatch(/error IST0106 VirtualService\/shop\/types spec\.hosts/));
    await patiently(async () => expect(await issues()).toMatch(/error IST0106 VirtualService\/shop\/huge/));
    await world.oracle.tells(/IST0106 VirtualService\/shop\/huge/);
    expect(await known('VirtualService')).toBe(before);
    await isLive('after-f12');
    await world.cluster.kubectl(['delete', 'virtualservice', 'types', 'none', 'huge', '-n', 'shop']);
    await world.cluster.store.delete('/registry/networking.istio.io/virtualservices/shop/raw');
  });

  test('F13: the right to read one kind is lost', async () => {
    const path = `/apis/rbac.authorization.k8s.io/v1/clusterroles/${accounts.controlPlane}`;
    const role = await world.cluster.http.json<{ readonly rules: readonly { readonly resources: readonly string[] }[] }>(path);
    const services = await known('Service');
    const rules = role.rules.map((rule) => ({ ...rule, resources: rule.resources.filter((name) => name !== 'services') }));
    await world.cluster.http.json(path, { method: 'PUT', body: { ...role, rules, metadata: { name: accounts.controlPlane } } });
    const token = await world.cluster.tokenOf(rootNamespace, accounts.controlPlane);
    await patiently(async () => expect((await world.cluster.http.call('/api/v1/services', { token })).status).toBe(403));
    // a watch that was allowed goes on until it ends
    world.network.reset();
    await patiently(async () =>
      expect(await issues()).toMatch(/CXS0110 the API server \S+ gives no Service: .*forbidden.*allow get, list and watch/i),
    );
    expect(await known('Service')).toBe(services);
    await world.oracle.tells(/CXS0110 .* no Service: /);
    await world.cluster.http.json(path, { method: 'PUT', body: { ...role, metadata: { name: accounts.controlPlane } } });
    await isLive('after-f13');
    await patiently(async () => expect(await issues()).not.toContain('CXS0110'));
  });

  test('F14: a namespace with a thousand objects is deleted', async () => {
    world.oracle.nothingToTell('somebody wanted it');
    const entry = (n: number) => ({
      ...istioObject('ServiceEntry', `mass-${n}`, serviceEntry(`mass-${n}.internal`, `10.63.${n >> 8}.${n & 255}`)),
      metadata: { name: `mass-${n}`, namespace: 'mass' },
    });
    await world.cluster.apply(namespaceOf('mass'));
    const path = '/apis/networking.istio.io/v1/namespaces/mass/serviceentries';
    for (let n = 0; n < 1_000; n += 20)
      await Promise.all(Array.from({ length: 20 }, (_, k) => world.cluster.http.json(path, { method: 'POST', body: entry(n + k) })));
    await world.oracle.allHold('outbound|80||mass-999.internal');
    const before = await world.oracle.total('pilot_xds_pushes', 'pilot_xds_pushes{type="cds"}');
    // what is heard at once: how fast a busy API server deletes is not the question
    world.network.stall();
    await world.cluster.kubectl(['delete', 'namespace', 'mass']);
    await world.network.heal();
    await world.oracle.allHold('outbound|80||mass-999.internal', false);
    await patiently(async () => expect(await known('ServiceEntry')).toBeLessThan(10));
    const pushes = (await world.oracle.total('pilot_xds_pushes', 'pilot_xds_pushes{type="cds"}')) - before;
    expect(pushes / 51, 'pushes of clusters to each proxy').toBeLessThanOrEqual(10);
  });

  test('F59: statuses that are written all the time push nothing', async () => {
    world.oracle.nothingToTell('nothing is wrong');
    const path = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/stable/status';
    const before = { pushes: await world.oracle.total('pilot_xds_pushes'), responses: world.oracle.responses };
    const events = async () =>
      world.oracle.total('coxswain_kube_watch_events_total', 'coxswain_kube_watch_events_total{kind="VirtualService"}');
    const heard = await events();
    for (let n = 1; n <= 30; n++) {
      const body = { status: { conditions: [{ type: 'Programmed', status: 'True', message: `run ${n}` }], observedGeneration: n } };
      await world.cluster.http.json(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
    }
    await patiently(async () => expect((await events()) - heard).toBeGreaterThanOrEqual(30));
    expect({ pushes: await world.oracle.total('pilot_xds_pushes'), responses: world.oracle.responses }).toEqual(before);
  });
});

function serviceEntry(host: string, address: string): object {
  return {
    hosts: [host],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    ports: [{ number: 80, protocol: 'HTTP', name: 'http' }],
    endpoints: [{ address }],
  };
}
