import { expect, test } from 'vitest';
import { clustersOf, http, istio, type Message, meshOf, object, old, pod, service, tcp, tcpCluster, young } from './gotcha-mesh.ts';

const headless = (ports: readonly object[]) => service('db', 'None', ports);
const db = 'db.shop.svc.cluster.local';

test('gotcha 9: a headless service is passed through on sidecars, and load balanced on routers', async () => {
  const objects = [headless([tcp(5432)]), pod('db-0', '10.1.0.20', { app: 'db' })];
  expect((await meshOf(objects)).cluster(`outbound|5432||${db}`).type).toBe('ORIGINAL_DST');
  expect((await meshOf(objects, { proxy: 'router shop/gw 10.1.0.8' })).cluster(`outbound|5432||${db}`).type).toBe('EDS');
});

test('gotcha 9: a headless service has a TCP listener per pod but the own, domains of its pods for HTTP', async () => {
  const pods = [pod('db-0', '10.1.0.20', { app: 'db' }), pod('client', '10.1.0.9', { app: 'db' })];
  const served = await meshOf([headless([tcp(5432), http(80)]), ...pods]);
  expect(served.names('LDS', /_5432/)).toEqual(['10.1.0.20_5432']);
  expect(served.host('80', `${db}:80`).domains).toContain(`*.${db}`);
  expect(served.cluster(`outbound|80||${db}`).transport_socket_matches ?? []).toEqual([]);
});

test('gotcha 10: an ExternalName has neither listener nor cluster; its name is one more of the service behind it', async () => {
  const alias = object('v1', 'Service', 'alias', { type: 'ExternalName', externalName: 'web.shop.svc.cluster.local' });
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), alias]);
  expect(served.names('CDS', /alias/)).toEqual([]);
  expect(served.hosts('80').map(({ name }) => name)).toEqual(['web.shop.svc.cluster.local:80', 'allow_any']);
  expect(served.host('80', 'web.shop.svc.cluster.local:80').domains).toContain('alias.shop.svc.cluster.local');
});

test('gotcha 11: short names hold in the own namespace alone; a trailing dot and addresses are further domains', async () => {
  const objects = [service('web', '10.0.0.1', [http(80)])];
  const own = (await meshOf(objects)).host('80', 'web.shop.svc.cluster.local:80').domains;
  expect(own).toEqual(['web.shop.svc.cluster.local', 'web.shop.svc.cluster.local.', 'web', 'web.shop.svc', 'web.shop', '10.0.0.1']);
  const other = (await meshOf(objects, { proxy: 'sidecar pay/client 10.1.0.9' })).host('80', 'web.shop.svc.cluster.local:80').domains;
  expect(other).toEqual(['web.shop.svc.cluster.local', 'web.shop.svc.cluster.local.', 'web.shop', 'web.shop.svc', '10.0.0.1']);
});

test('gotcha 12: the table of a sniffed listener has one virtual host, for every name, and no catch-all', async () => {
  const served = await meshOf([service('web', '10.0.0.1', [{ name: 'any', port: 8080 }])]);
  expect(served.hosts('web.shop.svc.cluster.local:8080').map(({ domains }) => domains)).toEqual([['*']]);
});

test('gotcha 20: of rules of one host and namespace the oldest has the policy, subsets add up, a second of a name is left out', async () => {
  const rule = (name: string, metadata: object, maxConnections: number, subsets: readonly string[]) =>
    istio(
      'DestinationRule',
      name,
      {
        host: 'web',
        trafficPolicy: { connectionPool: { tcp: { maxConnections } } },
        subsets: subsets.map((one) => ({ name: one, labels: { from: name } })),
      },
      metadata,
    );
  const served = await meshOf([service('web', '10.0.0.1', [http(80)]), rule('young', young, 2, ['b', 'a']), rule('old', old, 1, ['a'])]);
  expect(served.names('CDS', /^outbound.*web/)).toEqual([
    'outbound|80|a|web.shop.svc.cluster.local',
    'outbound|80|b|web.shop.svc.cluster.local',
    'outbound|80||web.shop.svc.cluster.local',
  ]);
  expect(served.cluster('outbound|80||web.shop.svc.cluster.local').circuit_breakers.thresholds[0].max_connections).toEqual({ value: 1 });
});

test('gotcha 26: * beats everything, ~ hides, a dot is the own namespace', async () => {
  const exported = (name: string, to: string, ip: string) =>
    service(name, ip, [http(80)], { metadata: { annotations: { 'networking.istio.io/exportTo': to } } });
  const objects = [
    exported('all', '*,~', '10.0.0.1'),
    exported('nobody', '~', '10.0.0.2'),
    exported('own', '.', '10.0.0.3'),
    exported('pay', 'pay', '10.0.0.4'),
  ];
  const seen = async (namespace: string) =>
    (await meshOf(objects, { proxy: `sidecar ${namespace}/client 10.1.0.9` }))
      .names('CDS', /^outbound/)
      .map((name) => name.split('|')[3]?.split('.')[0]);
  expect(await seen('shop')).toEqual(['all', 'own']);
  expect(await seen('pay')).toEqual(['all', 'pay']);
});

test('gotcha 27: a service of Kubernetes takes the hostname from a ServiceEntry; else the own namespace, then the oldest', async () => {
  const entry = (namespace: string, metadata: object, host: string) =>
    istio(
      'ServiceEntry',
      'entry',
      { hosts: [host], resolution: 'NONE', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
      { namespace, ...metadata },
    );
  const kube = await meshOf([entry('pay', old, 'web.shop.svc.cluster.local'), service('web', '10.0.0.1', [http(80)], { metadata: young })]);
  expect(kube.cluster('outbound|80||web.shop.svc.cluster.local').type).toBe('EDS');
  const entries = [entry('old', old, 'a.example.com'), entry('young', young, 'a.example.com'), entry('pay', young, 'a.example.com')];
  const owner = async (namespace: string) => {
    const { cluster } = await meshOf(entries, { proxy: `sidecar ${namespace}/client 10.1.0.9` });
    return JSON.stringify(cluster('outbound|80||a.example.com').metadata).match(/"(old|young|pay)"/)?.[1];
  };
  expect([await owner('pay'), await owner('shop')]).toEqual(['pay', 'old']);
});

test('gotcha 28: a tilde leaves a host out; a listener with a port has it to itself; destinations are imported unasked', async () => {
  const sidecar = (egress: readonly object[]) => istio('Sidecar', 'client', { egress });
  const entry = (name: string, port = 80) =>
    istio(
      'ServiceEntry',
      name,
      { hosts: [`${name}.example.com`], resolution: 'DNS', ports: [{ number: port, name: 'http', protocol: 'HTTP' }] },
      { namespace: name },
    );
  const route = istio(
    'VirtualService',
    'a',
    { hosts: ['a.example.com'], http: [{ route: [{ destination: { host: 'c.example.com' } }] }] },
    { namespace: 'a' },
  );
  const objects = [entry('a'), entry('b'), entry('c'), route];
  const names = async (egress: readonly object[]) => (await meshOf([...objects, sidecar(egress)])).names('CDS', /^outbound/);
  expect(await names([{ hosts: ['*/*', '~b/*'] }])).toEqual(['outbound|80||a.example.com', 'outbound|80||c.example.com']);
  expect(await names([{ hosts: ['a/*'] }])).toEqual(['outbound|80||a.example.com', 'outbound|80||c.example.com']);
  const locked = await meshOf([
    ...objects,
    sidecar([{ port: { number: 80, protocol: 'HTTP', name: 'http' }, hosts: ['a/*'] }, { hosts: ['b/*'] }]),
  ]);
  expect(locked.hosts('80').map(({ name }) => name)).toEqual(['a.example.com:80', 'allow_any']);
});

test('gotcha 29: each resolution is a type of cluster; prefixes of addresses are chains', async () => {
  const entry = (name: string, resolution: string, more: object = {}) =>
    istio('ServiceEntry', name, {
      hosts: [`${name}.example.com`],
      resolution,
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      ...more,
    });
  const wild = istio('ServiceEntry', 'wild', {
    hosts: ['*.example.com'],
    resolution: 'DYNAMIC_DNS',
    ports: [{ number: 444, name: 'tls', protocol: 'TLS' }],
  });
  const endpoints = [{ address: '10.7.0.1' }];
  const served = await meshOf([
    entry('static', 'STATIC', { endpoints }),
    entry('dns', 'DNS'),
    entry('robin', 'DNS_ROUND_ROBIN'),
    entry('none', 'NONE', { addresses: ['10.8.1.0/16', '10.8.2.0/16'] }),
    wild,
  ]);
  const typeOf = (name: string, port = 443) => {
    const one = served.cluster(`outbound|${port}||${name}.example.com`);
    return one.cluster_type?.name ?? one.type;
  };
  expect(['static', 'dns', 'robin', 'none'].map((name) => typeOf(name))).toEqual(['EDS', 'STRICT_DNS', 'LOGICAL_DNS', 'ORIGINAL_DST']);
  expect(typeOf('*', 444)).toBe('envoy.clusters.dynamic_forward_proxy');
  const ranges = served.chains('0.0.0.0_443').flatMap(({ filter_chain_match: match }) => match?.prefix_ranges ?? []);
  expect(ranges).toEqual([{ address_prefix: '10.8.1.0', prefix_len: { value: 16 } }]);
});

test('gotcha 30: endpoints join ports by name; what is not there is empty, not absent', async () => {
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http-81', port: 8080 }],
    endpoints: [{ addresses: ['10.1.0.1'] }, { addresses: ['10.1.0.2'], conditions: { ready: false, terminating: false } }],
  };
  const served = await meshOf([service('web', '10.0.0.1', [http(80), http(81)]), slice]);
  expect(served.assignment('outbound|80||web.shop.svc.cluster.local')).toMatchObject({
    cluster_name: 'outbound|80||web.shop.svc.cluster.local',
  });
  expect(served.addresses('outbound|80||web.shop.svc.cluster.local')).toEqual([]);
  expect(served.addresses('outbound|81||web.shop.svc.cluster.local')).toEqual(['10.1.0.1', '10.1.0.2']);
  const rule = istio('DestinationRule', 'web', { host: 'web', trafficPolicy: { outlierDetection: { minHealthPercent: 10 } } });
  const strict = await meshOf([service('web', '10.0.0.1', [http(81)]), slice, rule]);
  expect(strict.addresses('outbound|81||web.shop.svc.cluster.local')).toEqual(['10.1.0.1']);
});

const placed = istio('ServiceEntry', 'api', {
  hosts: ['api.example.com'],
  resolution: 'STATIC',
  ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  endpoints: [
    { address: '10.7.1.1', locality: 'r1/z1' },
    { address: '10.7.2.1', locality: 'r2/z1' },
  ],
});

test('gotcha 31: outlier detection alone makes localities fail over, and never lets Envoy panic', async () => {
  const rule = istio('DestinationRule', 'api', {
    host: 'api.example.com',
    trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } },
  });
  const here = { locality: { region: 'r1', zone: 'z1' } };
  const priorities = async (objects: readonly object[]) =>
    (await meshOf(objects, here)).assignment('outbound|80||api.example.com').endpoints.map(({ priority = 0 }: Message) => priority);
  expect(await priorities([placed])).toEqual([0, 0]);
  expect(await priorities([placed, rule])).toEqual([0, 1]);
  const cluster = (await meshOf([placed, rule], here)).cluster('outbound|80||api.example.com');
  expect(cluster.outlier_detection.enforcing_success_rate).toEqual({});
  expect(cluster.common_lb_config.healthy_panic_threshold).toEqual({});
});

test('gotcha 32: an endpoint behind a gateway needs mutual TLS; weights are multiplied by what the gateways have in common', async () => {
  const networks = object('v1', 'ConfigMap', 'istio', {}, { namespace: 'istio-system' });
  const data = {
    meshNetworks:
      'networks: {there: {endpoints: [{fromRegistry: x}], gateways: [{address: 198.51.100.1, port: 15443}, {address: 198.51.100.2, port: 15443}]}}',
  };
  const endpoint = (address: string, network: string, labels: object = {}) => ({ address, network, labels });
  const mutual = { 'security.istio.io/tlsMode': 'istio' };
  const endpoints = [endpoint('10.7.0.1', 'here', mutual), endpoint('10.7.0.2', 'there', mutual), endpoint('10.7.0.3', 'there')];
  const entry = istio('ServiceEntry', 'api', {
    hosts: ['api.example.com'],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    endpoints,
  });
  const served = await meshOf([{ ...networks, data }, entry], { metadata: { NETWORK: 'here' } });
  const found = served.assignment('outbound|80||api.example.com').endpoints[0].lb_endpoints;
  expect(found.map((one: Message) => [one.endpoint.address.socket_address.address, one.load_balancing_weight.value])).toEqual([
    ['10.7.0.1', 2],
    ['198.51.100.1', 1],
    ['198.51.100.2', 1],
  ]);
});

test('gotcha 38: labels that rules select by are those of the pod in the registry, and the node’s where there is none', async () => {
  const route = istio('VirtualService', 'web', {
    hosts: ['web.shop.svc.cluster.local'],
    http: [{ match: [{ sourceLabels: { app: 'registered' } }], route: [{ destination: { host: 'other.example.com' } }] }],
  });
  const objects = [service('web', '10.0.0.1', [http(80)]), route];
  const cluster = async (more: readonly object[], labels: Readonly<Record<string, string>>) =>
    clustersOf((await meshOf([...objects, ...more], { labels })).host('80', 'web.shop.svc.cluster.local:80'))[0];
  const registered = pod('client', '10.1.0.9', { app: 'registered' });
  expect(await cluster([registered], { app: 'said' })).toBe('outbound|80||other.example.com');
  expect(await cluster([], { app: 'said' })).toBe('outbound|80||web.shop.svc.cluster.local');
  expect(await cluster([], { app: 'registered' })).toBe('outbound|80||other.example.com');
});

test('gotcha 39: a host without an address gets one only where names are captured', async () => {
  const entry = istio('ServiceEntry', 'api', {
    hosts: ['api.example.com'],
    resolution: 'DNS',
    ports: [{ number: 9000, name: 'tcp', protocol: 'TCP' }],
  });
  expect((await meshOf([entry])).names('LDS', /_9000/)).toEqual(['0.0.0.0_9000']);
  const captured = await meshOf([entry], { metadata: { DNS_CAPTURE: 'true' } });
  expect(captured.names('LDS', /_9000/)).toEqual([expect.stringMatching(/^240\.240\.\d+\.\d+_9000$/)]);
  expect(captured.chains(captured.names('LDS', /_9000/)[0] ?? '').map(tcpCluster)).toEqual(['outbound|9000||api.example.com']);
});
