import { expect, test } from 'vitest';
import { http, istio, type Message, meshOf, object, pod, service, tcp } from './gotcha-mesh.ts';

const web = 'outbound|80||web.shop.svc.cluster.local';
const pool = (maxConnections: number) => ({ connectionPool: { tcp: { maxConnections } } });
const rule = (name: string, spec: object, namespace = 'shop') => istio('DestinationRule', name, spec, { namespace });
const limit = (cluster: Message) => cluster.circuit_breakers.thresholds[0].max_connections.value;
const objects = [
  service('web', '10.0.0.1', [http(80), http(81)]),
  pod('web-1', '10.1.0.1', { app: 'web', version: 'v1', 'security.istio.io/tlsMode': 'istio' }),
];
const host = 'web.shop.svc.cluster.local';

test('gotcha 19: the rule is the client namespace’s, else the service’s, else the root’s; one hit and no more', async () => {
  const rules = [
    rule('client', { host, trafficPolicy: pool(1), exportTo: ['.'] }, 'pay'),
    rule('own', { host, trafficPolicy: pool(2) }),
    rule('root', { host, trafficPolicy: pool(3) }, 'istio-system'),
  ];
  const seen = async (some: readonly object[], namespace: string) =>
    limit((await meshOf([...objects, ...some], { proxy: `sidecar ${namespace}/client 10.1.0.9` })).cluster(web));
  expect(await seen(rules, 'pay')).toBe(1);
  expect(await seen(rules, 'shop')).toBe(2);
  expect(await seen(rules, 'third')).toBe(2);
  expect(await seen(rules.slice(2), 'third')).toBe(3);
  expect(await seen([rule('hidden', { host, trafficPolicy: pool(4), exportTo: ['.'] }), ...rules.slice(2)], 'third')).toBe(3);
});

test('gotcha 21: settings of a port replace those of the destination; those of a subset override them block by block', async () => {
  const trafficPolicy = {
    ...pool(1),
    outlierDetection: { consecutive5xxErrors: 5 },
    portLevelSettings: [{ port: { number: 81 }, outlierDetection: { consecutive5xxErrors: 7 } }],
  };
  const subsets = [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: pool(9) }];
  const { cluster } = await meshOf([...objects, rule('web', { host, trafficPolicy, subsets })]);
  expect(limit(cluster(web))).toBe(1);
  const ofPort = cluster('outbound|81||web.shop.svc.cluster.local');
  expect([limit(ofPort), ofPort.outlier_detection.consecutive_5xx.value]).toEqual([4294967295, 7]);
  const ofSubset = cluster('outbound|80|v1|web.shop.svc.cluster.local');
  expect([limit(ofSubset), ofSubset.outlier_detection.consecutive_5xx.value]).toEqual([9, 5]);
});

test('gotcha 21: a subset is a cluster only for clients that see its rule', async () => {
  const subsets = [{ name: 'v1', labels: { version: 'v1' } }];
  const names = async (namespace: string) =>
    (await meshOf([...objects, rule('web', { host, subsets, exportTo: ['.'] })], { proxy: `sidecar ${namespace}/client 10.1.0.9` })).names(
      'CDS',
      /v1/,
    );
  expect(await names('shop')).toHaveLength(2);
  expect(await names('pay')).toEqual([]);
});

test('gotcha 22: mutual TLS by itself goes by what endpoints say, not to original destinations or outside the mesh', async () => {
  const entry = istio('ServiceEntry', 'api', {
    hosts: ['api.example.com'],
    location: 'MESH_EXTERNAL',
    resolution: 'DNS',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
  });
  const { cluster } = await meshOf([...objects, entry, service('db', 'None', [tcp(5432)])]);
  const [mutual] = cluster(web).transport_socket_matches;
  expect(mutual.name).toBe('tlsMode-istio');
  expect(mutual.transport_socket.typed_config.sni).toBe(`outbound_.80_._.${host}`);
  expect(JSON.stringify(mutual)).toContain('spiffe://cluster.local/ns/shop/sa/default');
  expect(cluster('outbound|80||api.example.com').transport_socket_matches ?? []).toEqual([]);
  expect(cluster('outbound|5432||db.shop.svc.cluster.local').transport_socket_matches ?? []).toEqual([]);
});

test('gotcha 22: a sidecar takes credentialName only from a rule for selected workloads', async () => {
  const tls = { tls: { mode: 'SIMPLE', credentialName: 'ca' } };
  const socket = async (spec: object) =>
    JSON.stringify((await meshOf([...objects, rule('web', { host, trafficPolicy: tls, ...spec })])).cluster(web).transport_socket ?? '');
  expect(await socket({})).not.toContain('kubernetes://ca');
  expect(await socket({ workloadSelector: { matchLabels: { app: 'client' } } })).toContain('kubernetes://ca');
});

const peers = (name: string, spec: object, namespace = 'shop') =>
  object('security.istio.io/v1', 'PeerAuthentication', name, spec, { namespace });

test('gotcha 23: modes of ports are for target ports, need a selector, and make passthrough chains', async () => {
  const own = service('own', '10.0.0.2', [http(80, { targetPort: 8080 })], { spec: { selector: { app: 'client' } } });
  const client = pod('client', '10.1.0.9', { app: 'client' });
  const policy = peers('own', {
    selector: { matchLabels: { app: 'client' } },
    mtls: { mode: 'STRICT' },
    portLevelMtls: { 8080: { mode: 'DISABLE' }, 9999: { mode: 'DISABLE' } },
  });
  const served = await meshOf([own, client, policy]);
  const at = (port: number) =>
    served.chains('virtualInbound').filter((chain) => chain.filter_chain_match?.destination_port?.value === port);
  expect(at(8080).map((chain) => chain.transport_socket === undefined)).toEqual([true]);
  expect(at(9999).length).toBeGreaterThan(0);
  expect(
    at(9999).every(
      (chain) => chain.filters.at(-1).typed_config.cluster === 'InboundPassthroughCluster' || chain.transport_socket === undefined,
    ),
  ).toBe(true);
});

test('gotcha 23: workload before namespace before mesh; UNSET asks the next, and PERMISSIVE in the end', async () => {
  const own = service('own', '10.0.0.2', [http(80, { targetPort: 8080 })], { spec: { selector: { app: 'client' } } });
  const client = pod('client', '10.1.0.9', { app: 'client' });
  const chains = async (...policies: readonly object[]) =>
    (await meshOf([own, client, ...policies]))
      .chains('virtualInbound')
      .filter((chain) => chain.filter_chain_match?.destination_port?.value === 8080).length;
  const root = (mode: string) => peers('root', { mtls: { mode } }, 'istio-system');
  const namespace = (mode: string) => peers('ns', { mtls: { mode } });
  const workload = (mode: string) => peers('wl', { selector: { matchLabels: { app: 'client' } }, mtls: { mode } });
  expect(await chains()).toBe(2);
  expect(await chains(root('UNSET'))).toBe(2);
  expect(await chains(root('STRICT'))).toBe(1);
  expect(await chains(root('STRICT'), namespace('PERMISSIVE'))).toBe(2);
  expect(await chains(root('STRICT'), namespace('UNSET'))).toBe(1);
  expect(await chains(root('STRICT'), namespace('PERMISSIVE'), workload('STRICT'))).toBe(1);
  expect(await chains(namespace('STRICT'), workload('UNSET'))).toBe(1);
});
