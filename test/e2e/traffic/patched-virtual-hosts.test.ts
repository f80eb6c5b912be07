import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { type DumpedTable, routeTables } from '../../harness/envoy-dump.ts';
import { HttpClient, type Target } from '../../harness/http-call.ts';
import { destination, httpPort, meshObject, serviceAt } from './mesh-objects.ts';
import { TrafficMesh, type TrafficProxy } from './traffic-mesh.ts';

/** Tables come in layers, from a Sidecar, and from a Gateway. */
const proxies: readonly TrafficProxy[] = [
  { name: 'layered', type: 'sidecar', address: '127.0.1.71', metadata: { INTERCEPTION_MODE: 'NONE' } },
  { name: 'imported', type: 'sidecar', address: '127.0.1.72', labels: { app: 'imported' } },
  { name: 'gateway', type: 'router', address: '127.0.1.73', labels: { istio: 'ingress' } },
];
const ports: Readonly<Record<string, Target>> = {
  layered: { address: '127.0.0.1', port: httpPort },
  imported: { address: '127.0.1.72', port: httpPort },
  gateway: { address: '127.0.1.73', port: httpPort },
};

/** Real Envoys that take virtual hosts by themselves hold what patches make of whole tables. */
describe('virtual hosts that EnvoyFilters patch', () => {
  const client = new HttpClient();
  let backends: readonly EchoServer[];
  let traffic: TrafficMesh;

  beforeAll(async () => {
    backends = await Promise.all(['a', 'b'].map((name) => EchoServer.start(name)));
    const services = backends.map(({ name, port }) => serviceAt(`${name}.internal`, [{ port }]));
    const routes = ['a', 'b'].map((name) =>
      meshObject('VirtualService', name, {
        hosts: [`${name}.internal`],
        gateways: ['mesh', 'shop/ingress'],
        http: [{ name: 'main', route: [destination(`${name}.internal`)] }],
      }),
    );
    traffic = await TrafficMesh.start([...services, ...routes, ...listeners()], proxies);
  });

  afterAll(async () => {
    client.close();
    await traffic.stop();
    await Promise.all(backends.map((backend) => backend.stop()));
  });

  test('are added, merged, removed, and given routes, from one edit to the next', async () => {
    for (const { name } of proxies) expect(await answers(name), name).toEqual({ a: 'a', b: 'b', static: '', teapot: 'a', mark: '' });
    await patch([
      add({ name: 'own/static', domains: ['static.internal'], routes: [{ match: { prefix: '/' }, direct_response: { status: 201 } }] }),
      merge('a.internal', { response_headers_to_add: [{ header: { key: 'x-mark', value: 'one' } }] }),
      { applyTo: 'VIRTUAL_HOST', match: vhost({ name: `b.internal:${httpPort}` }), patch: { operation: 'REMOVE' } },
      {
        applyTo: 'HTTP_ROUTE',
        match: vhost({ domainName: 'a.internal', route: { name: 'main' } }),
        patch: { operation: 'INSERT_BEFORE', value: { name: 'tea', match: { path: '/teapot' }, direct_response: { status: 418 } } },
      },
    ]);
    for (const { name } of proxies)
      expect(await answers(name), name).toMatchObject({ a: 'a', b: '', static: '201', teapot: '418', mark: 'one' });
    await patch([
      add({ name: 'own/static', domains: ['static.internal'], routes: [{ match: { prefix: '/' }, direct_response: { status: 202 } }] }),
      merge('a.internal', { response_headers_to_add: [{ header: { key: 'x-mark', value: 'two' } }] }),
    ]);
    for (const { name } of proxies) expect(await answers(name), name).toEqual({ a: 'a', b: 'b', static: '202', teapot: 'a', mark: 'two' });
  });

  test('may all be taken away, and come back', async () => {
    await patch([{ applyTo: 'VIRTUAL_HOST', patch: { operation: 'REMOVE' } }], 'absent');
    for (const { name } of proxies)
      expect(await answers(name), name).toEqual({ a: '404', b: '404', static: '404', teapot: '404', mark: '' });
    traffic.mesh.texts.remove({ kind: 'EnvoyFilter', namespace: 'shop', name: 'patches' });
    await traffic.discovery.settled();
    for (const { name } of proxies) {
      expect(await answers(name), name).toEqual({ a: 'a', b: 'b', static: '', teapot: 'a', mark: '' });
      await expectTable(name);
    }
    expect(await traffic.refused()).toEqual([]);
  });

  async function patch(patches: readonly object[], standIn?: string): Promise<void> {
    await traffic.apply(
      JSON.stringify({
        apiVersion: 'networking.istio.io/v1alpha3',
        kind: 'EnvoyFilter',
        metadata: { name: 'patches', namespace: 'shop' },
        spec: { configPatches: patches },
      }),
    );
    expect(traffic.mesh.plane.issues.get().filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const { name } of proxies) await expectTable(name, standIn);
  }

  /** Who answers what a client asks: the backend's name, or else a status that only a patch or an Envoy gives. */
  async function answers(name: string): Promise<Readonly<Record<string, string>>> {
    const call = (host: string, path = '/') => client.call({ ...(ports[name] as Target), host: `${host}.internal`, path });
    const who = ({ backend, status }: { backend: string; status: number }) =>
      backend !== '' ? backend : status === 503 ? '' : String(status);
    const a = await call('a');
    const gone = (text: string) => (name === 'gateway' && text === '404' && a.backend !== '' ? '' : text);
    return {
      a: who(a),
      b: gone(who(await call('b'))),
      static: gone(who(await call('static'))),
      teapot: who(await call('a', '/teapot')),
      mark: String(a.headers['x-mark'] ?? ''),
    };
  }

  /** The Envoy holds the virtual hosts of the patched whole table, and no other. */
  async function expectTable(name: string, standIn?: string): Promise<void> {
    const { type, address, labels = {}, metadata = {} } = proxies.find((proxy) => proxy.name === name) as TrafficProxy;
    const nodeId = `${type}~${address}~${name}.shop~shop.svc.cluster.local`;
    const views = traffic.mesh.connect({ nodeId, metadata: { NAMESPACE: 'shop', ...metadata, LABELS: labels } });
    const whole = traffic.mesh.resources(views, 'RDS') as unknown as ReadonlyMap<string, DumpedTable>;
    const table = [...whole.values()].find((one) => one.name === String(httpPort) || one.name.startsWith('http.'));
    views.close();
    expect(table, name).toBeDefined();
    const prefix = `${table?.name}/`;
    const flat = (hosts: DumpedTable['virtual_hosts'] = []) =>
      hosts.map((host) => `${host.name.replace(prefix, '').replaceAll('%2F', '/')} ${host.domains.join(' ')}`).sort();
    const expected = standIn === undefined ? flat(table?.virtual_hosts) : [`${standIn} absent.invalid`];
    const held = (await routeTables(traffic.envoy(name).admin)).get(table?.name ?? '');
    expect(
      held?.virtual_hosts?.every((host) => host.name.startsWith(prefix)),
      name,
    ).toBe(true);
    expect(flat(held?.virtual_hosts), name).toEqual(expected);
  }
});

const vhost = (match: object) => ({ routeConfiguration: { vhost: match } });
const add = (value: object) => ({
  applyTo: 'VIRTUAL_HOST',
  patch: { operation: 'ADD', value },
});
const merge = (domainName: string, value: object) => ({
  applyTo: 'VIRTUAL_HOST',
  match: vhost({ domainName }),
  patch: { operation: 'MERGE', value },
});

function listeners(): readonly string[] {
  return [
    meshObject('Sidecar', 'imported', {
      workloadSelector: { labels: { app: 'imported' } },
      egress: [{ port: { number: httpPort, protocol: 'HTTP', name: 'http' }, bind: '127.0.1.72', captureMode: 'NONE', hosts: ['./*'] }],
    }),
    meshObject('Gateway', 'ingress', {
      selector: { istio: 'ingress' },
      servers: [{ port: { number: httpPort, protocol: 'HTTP', name: 'http' }, hosts: ['*'], bind: '127.0.1.73' }],
    }),
  ];
}
