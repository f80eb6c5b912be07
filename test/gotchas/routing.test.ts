import { expect, test } from 'vitest';
import { clustersOf, http, istio, type Message, meshOf, object, old, service, tcp, tcpCluster, young } from './gotcha-mesh.ts';

const to = (host: string, more: object = {}) => ({ destination: { host }, ...more });
const virtualService = (name: string, spec: object, metadata: object = {}) => istio('VirtualService', name, spec, metadata);
const gateway = istio('Gateway', 'gw', {
  selector: { istio: 'ingress' },
  servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
});
const atGateway = { proxy: 'router shop/gw 10.1.0.8', labels: { istio: 'ingress' } };
const web = 'web.shop.svc.cluster.local';

test('gotcha 13: hosts that nobody defines have routes on port 80 alone', async () => {
  const route = virtualService('a', { hosts: ['unknown.example.com'], http: [{ route: [to(web)] }] });
  const served = await meshOf([service('web', '10.0.0.1', [http(80), http(8080)]), route]);
  expect(served.hosts('80').map(({ name }) => name)).toContain('unknown.example.com:80');
  expect(served.hosts('8080').map(({ name }) => name)).toEqual([`${web}:8080`, 'allow_any']);
});

test('gotcha 13: hosts match whatever their case', async () => {
  const route = virtualService('a', { hosts: ['WEB.shop.svc.cluster.local'], http: [{ route: [to('other.example.com')] }] });
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), route]);
  expect(clustersOf(served.host('80', `${web}:80`))).toEqual(['outbound|80||other.example.com']);
});

test('gotcha 14: on a sidecar the oldest VirtualService of a host counts alone, and the most specific wildcard', async () => {
  const route = (name: string, host: string, target: string, metadata: object) =>
    virtualService(name, { hosts: [host], http: [{ route: [to(target)] }] }, metadata);
  const objects = [
    service('web', '10.0.0.1', [http(80)]),
    route('young', web, 'young.example.com', young),
    route('old', web, 'old.example.com', old),
  ];
  expect(clustersOf((await meshOf(objects)).host('80', `${web}:80`))).toEqual(['outbound|80||old.example.com']);
  const wild = [
    service('web', '10.0.0.1', [http(80)]),
    route('wide', '*.svc.cluster.local', 'wide.example.com', old),
    route('narrow', '*.shop.svc.cluster.local', 'narrow.example.com', young),
  ];
  expect(clustersOf((await meshOf(wild)).host('80', `${web}:80`))).toEqual(['outbound|80||narrow.example.com']);
});

test('gotcha 14: on a gateway all of a host count, oldest first, those that take everything last', async () => {
  const route = (name: string, http: object, metadata: object) =>
    virtualService(name, { hosts: ['a.example.com'], gateways: ['gw'], http: [http] }, metadata);
  const served = await meshOf(
    [
      gateway,
      route('old', { route: [to('all.example.com')] }, old),
      route('young', { match: [{ uri: { prefix: '/a' } }], route: [to('some.example.com')] }, young),
    ],
    atGateway,
  );
  expect(clustersOf(served.host('http.80', 'a.example.com:80'))).toEqual(['outbound|80||some.example.com', 'outbound|80||all.example.com']);
});

test('gotcha 14: what follows a match of everything is dropped', async () => {
  const rules = [{ match: [{ uri: { prefix: '/' } }], route: [to('all.example.com')] }, { route: [to('never.example.com')] }];
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), virtualService('a', { hosts: [web], http: rules })]);
  expect(clustersOf(served.host('80', `${web}:80`))).toEqual(['outbound|80||all.example.com']);
});

test('gotcha 15: in a match with gateways nobody asks for the client; its port is the listener’s', async () => {
  const match = (more: object) => [{ uri: { prefix: '/a' }, ...more }];
  const rules = [
    { match: match({ gateways: ['mesh'], sourceLabels: { app: 'other' }, sourceNamespace: 'other' }), route: [to('a.example.com')] },
    { match: match({ sourceLabels: { app: 'other' } }), route: [to('never.example.com')] },
    { match: match({ port: 81 }), route: [to('never.example.com')] },
    { match: match({ port: 80 }), route: [to('b.example.com')] },
  ];
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), virtualService('a', { hosts: [web], http: rules })]);
  expect(clustersOf(served.host('80', `${web}:80`))).toEqual(['outbound|80||a.example.com', 'outbound|80||b.example.com']);
});

test('gotcha 16: delegates hold inside the root’s matches, one level deep, and only where they are exported to the root', async () => {
  const root = virtualService('root', {
    hosts: [web],
    http: [
      { name: 'root', match: [{ uri: { prefix: '/a' } }], delegate: { name: 'inner', namespace: 'pay' } },
      { name: 'hidden', match: [{ uri: { prefix: '/h' } }], delegate: { name: 'hidden', namespace: 'pay' } },
    ],
  });
  const inner = virtualService(
    'inner',
    {
      http: [
        { name: 'in', match: [{ uri: { prefix: '/a/b' } }], route: [to(web)] },
        { name: 'out', match: [{ uri: { prefix: '/c' } }], route: [to(web)] },
      ],
    },
    { namespace: 'pay' },
  );
  const hidden = virtualService('hidden', { exportTo: ['.'], http: [{ route: [to(web)] }] }, { namespace: 'pay' });
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), root, inner, hidden]);
  expect(served.host('80', `${web}:80`).routes.map(({ name }: Message) => name)).toEqual(['root-in']);
});

test('gotcha 17: without a port the only port of the service counts, else the listener’s, whether or not there is such a cluster', async () => {
  const objects = [
    service('web', '10.0.0.1', [http(80)]),
    service('one', '10.0.0.2', [http(81)]),
    service('two', '10.0.0.3', [http(82), http(83)]),
  ];
  const rules = [
    { match: [{ uri: { prefix: '/1' } }], route: [to('one.shop.svc.cluster.local')] },
    { route: [to('two.shop.svc.cluster.local')] },
  ];
  const atGw = await meshOf(
    [...objects, gateway, virtualService('a', { hosts: ['a.example.com'], gateways: ['gw'], http: rules })],
    atGateway,
  );
  expect(clustersOf(atGw.host('http.80', 'a.example.com:80'))).toEqual([
    'outbound|81||one.shop.svc.cluster.local',
    'outbound|80||two.shop.svc.cluster.local',
  ]);
});

test('gotcha 17: weight 0 is dropped beside others, and does not matter alone', async () => {
  const rules = [
    { match: [{ uri: { prefix: '/1' } }], route: [to('a.example.com', { weight: 0, headers: { request: { set: { a: 'b' } } } })] },
    { route: [to('a.example.com', { weight: 0 }), to('b.example.com', { weight: 100 })] },
  ];
  const [one, two] = (await meshOf([service('web', '10.0.0.1', [http(80)]), virtualService('a', { hosts: [web], http: rules })])).host(
    '80',
    `${web}:80`,
  ).routes;
  expect(one.route.cluster).toBe('outbound|80||a.example.com');
  expect(one.request_headers_to_add).toHaveLength(1);
  expect(two.route.weighted_clusters.clusters.map(({ name }: Message) => name)).toEqual(['outbound|80||b.example.com']);
});

test('gotcha 18: every outbound route retries twice and has no timeout unless somebody says otherwise', async () => {
  const rules = [
    { match: [{ uri: { prefix: '/never' } }], retries: { attempts: 0 }, route: [to(web)] },
    { timeout: '3s', route: [to(web)] },
  ];
  const served = await meshOf([
    service('web', '10.0.0.1', [http(80)]),
    service('other', '10.0.0.2', [http(80)]),
    virtualService('a', { hosts: [web], http: rules }),
  ]);
  const [never, timed] = served.host('80', `${web}:80`).routes;
  const [plain] = served.host('80', 'other.shop.svc.cluster.local:80').routes;
  expect(never.route.retry_policy).toBeUndefined();
  expect(timed.route.timeout).toMatchObject({ seconds: '3' });
  expect(plain.route.timeout).toEqual({});
  expect(plain.route.retry_policy).toMatchObject({
    num_retries: { value: 2 },
    retry_on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  });
  expect(plain.route.retry_policy.retry_host_predicate[0].name).toBe('envoy.retry_host_predicates.previous_hosts');
});

test('gotcha 33: a server’s port is that of the Service before the gateway; without one it is opened as it is', async () => {
  const port = (number: number) => ({ port: { number, name: `http-${number}`, protocol: 'HTTP' }, hosts: ['*'] });
  const servers = istio('Gateway', 'gw', { selector: { istio: 'ingress' }, servers: [port(80), port(81)] }, { namespace: 'elsewhere' });
  const before = service('ingress', '10.0.0.9', [http(80, { targetPort: 8080 })], { spec: { selector: { istio: 'ingress' } } });
  const opt = service('ingress', '10.0.0.9', [http(80, { targetPort: 8080 })], {
    spec: { selector: { istio: 'ingress' } },
    metadata: { labels: { 'experimental.istio.io/disable-gateway-port-translation': 'true' } },
  });
  const workload = {
    ...object('v1', 'Pod', 'gw', { containers: [{ name: 'a' }] }, { labels: { istio: 'ingress', more: 'yes' } }),
    status: { podIP: '10.1.0.8', podIPs: [{ ip: '10.1.0.8' }], phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const listeners = async (one: object) => (await meshOf([servers, one, workload], atGateway)).names('LDS');
  expect(await listeners(before)).toEqual(['0.0.0.0_8080', '0.0.0.0_81']);
  expect(await listeners(opt)).toEqual(['0.0.0.0_80', '0.0.0.0_81']);
});

test('gotcha 33: of two protocols on a port the later is refused; HTTPS tables keep the port of the server', async () => {
  const server = (number: number, protocol: string, name: string, more: object = {}) => ({
    port: { number, name, protocol },
    hosts: ['*'],
    ...more,
  });
  const conflict = istio('Gateway', 'gw', {
    selector: { istio: 'ingress' },
    servers: [
      server(80, 'HTTP', 'a'),
      server(80, 'TCP', 'b'),
      server(443, 'HTTPS', 'c', { hosts: ['a.example.com'], tls: { mode: 'SIMPLE', credentialName: 'x' } }),
    ],
  });
  const served = await meshOf([conflict], atGateway);
  expect(served.chains('0.0.0.0_80').map(({ filters }) => filters.at(-1).name)).toEqual(['envoy.filters.network.http_connection_manager']);
  expect(served.names('RDS')).toEqual(['http.80', 'https.443.c.gw.shop']);
});

test('gotcha 34: a server without routes answers 404 by a virtual host without routes; redirects hold without routes', async () => {
  const served = await meshOf([gateway], atGateway);
  expect(served.hosts('http.80')).toMatchObject([{ name: 'blackhole:80', domains: ['*'] }]);
  expect(served.hosts('http.80')[0].routes ?? []).toEqual([]);
  const redirecting = istio('Gateway', 'gw', {
    selector: { istio: 'ingress' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['a.example.com'], tls: { httpsRedirect: true } }],
  });
  expect((await meshOf([redirecting], atGateway)).host('http.80', 'a.example.com:80').require_tls).toBe('ALL');
});

test('gotcha 34: hosts are those that server and VirtualService share, for the namespace of the VirtualService', async () => {
  const servers = istio('Gateway', 'gw', {
    selector: { istio: 'ingress' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['pay/*.example.com'] }],
  });
  const route = (namespace: string, hosts: readonly string[]) =>
    virtualService('a', { hosts, gateways: ['shop/gw'], http: [{ route: [to(web)] }] }, { namespace });
  const served = await meshOf([servers, route('pay', ['a.example.com', 'a.example.org']), route('other', ['b.example.com'])], atGateway);
  expect(served.hosts('http.80').map(({ domains }) => domains)).toEqual([['a.example.com']]);
});

test('gotcha 35: mesh is meant only where gateways are left out; names without namespace are of the own one', async () => {
  const bound = virtualService('a', { hosts: [web], gateways: ['gw'], http: [{ route: [to('a.example.com')] }] });
  const objects = [service('web', '10.0.0.1', [http(80)]), gateway, bound];
  expect(clustersOf((await meshOf(objects)).host('80', `${web}:80`))).toEqual([`outbound|80||${web}`]);
  expect(clustersOf((await meshOf(objects, atGateway)).host('http.80', `${web}:80`))).toEqual(['outbound|80||a.example.com']);
  const elsewhere = virtualService('a', { hosts: [web], gateways: ['gw'], http: [{ route: [to('a.example.com')] }] }, { namespace: 'pay' });
  expect((await meshOf([gateway, elsewhere], atGateway)).hosts('http.80').map(({ name }) => name)).toEqual(['blackhole:80']);
});

test('gotcha 39: a table that nobody configures is empty, and not missing', async () => {
  const served = await meshOf([service('db', '10.0.0.1', [tcp(9000)])]);
  expect(served.hosts('9000')).toEqual([]);
  expect(served.chains('10.0.0.1_9000').map(tcpCluster)).toEqual(['outbound|9000||db.shop.svc.cluster.local']);
});
