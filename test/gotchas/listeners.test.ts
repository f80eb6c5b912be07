import { expect, test } from 'vitest';
import { http, istio, type Message, meshOf, object, old, pod, service, tcp, tcpCluster, young } from './gotcha-mesh.ts';

const ofClient = { spec: { selector: { app: 'client' } } };
const client = pod('client', '10.1.0.9', { app: 'client' });
const inbound = (port: number) => ({ filter_chain_match: { destination_port: { value: port } } });

function protocolsAt(chains: readonly Message[], port: number): readonly string[] {
  return chains
    .filter(({ filter_chain_match: match }) => match?.destination_port?.value === port)
    .map(
      ({ filter_chain_match: match }) =>
        `${match.transport_protocol}${match.application_protocols?.length ? ` ${match.application_protocols[0]}` : ''}`,
    );
}

function isHttpChain(chain: Message): boolean {
  return chain.filters.at(-1).name === 'envoy.filters.network.http_connection_manager';
}

test('gotcha 1: services that share a target port share the inbound cluster; the oldest decides the protocol', async () => {
  const served = await meshOf([
    service('young', '10.0.0.1', [http(80, { targetPort: 8080 })], { ...ofClient, metadata: young }),
    service('old', '10.0.0.2', [tcp(80, { targetPort: 8080 })], { ...ofClient, metadata: old }),
    client,
  ]);
  expect(served.names('CDS', /^inbound/)).toEqual(['inbound|8080||']);
  const chains = served.chains('virtualInbound').filter((chain) => chain.filter_chain_match?.destination_port?.value === 8080);
  expect(chains.map(isHttpChain)).toEqual(chains.map(() => false));
  const { services } = served.cluster('inbound|8080||').metadata.filter_metadata.istio.fields;
  expect(JSON.stringify(services)).toMatch(/old.*young|young.*old/);
});

test('gotcha 1: the inbound virtual host bears the service port', async () => {
  const served = await meshOf([service('web', '10.0.0.1', [http(80, { targetPort: 8080 })], ofClient), client]);
  const [chain] = served.chains('virtualInbound').filter((one) => one.filter_chain_match?.destination_port?.value === 8080);
  expect(chain.filters.at(-1).typed_config.route_config.virtual_hosts[0].name).toBe('inbound|http|80');
});

test('gotcha 2: appProtocol beats the name, prefixes end at the first dash, well-known ports are not sniffed', async () => {
  const ports = [
    { name: 'http-a', appProtocol: 'tcp', port: 1001 },
    { name: 'x', appProtocol: 'kubernetes.io/h2c', port: 1002 },
    { name: 'grpc-web-x', port: 1003 },
    { name: 'other', port: 1004 },
    { name: 'mysql-less', port: 3306, appProtocol: '' },
    { name: 'a', port: 3306 + 1 },
    { name: 'b', port: 27017 },
  ];
  const served = await meshOf([service('web', '10.0.0.1', ports)]);
  expect(served.names('LDS', /^(10|0)/)).toEqual(
    ['0.0.0.0_1002', '0.0.0.0_1003', '10.0.0.1_1001', '10.0.0.1_1004', '10.0.0.1_27017', '10.0.0.1_3306', '10.0.0.1_3307'].sort(),
  );
  const isSniffed = (port: number) => served.chains(`10.0.0.1_${port}`).some(isHttpChain);
  expect([1001, 1004, 3306, 3307, 27017].map(isSniffed)).toEqual([false, true, false, true, false]);
  expect(JSON.stringify(served.cluster('outbound|1002||web.shop.svc.cluster.local'))).toContain('http2_protocol_options');
});

test('gotcha 3: the blackhole comes first, passthrough before services, and matches no port', async () => {
  const served = await meshOf([service('web', '10.0.0.1', [http(80, { targetPort: 8080 })], ofClient), client]);
  const chains = served.chains('virtualInbound');
  expect(chains[0]).toMatchObject({ name: 'virtualInbound-blackhole', ...inbound(15006) });
  const firstOfService = chains.findIndex((chain) => chain.filter_chain_match?.destination_port?.value === 8080);
  const passthrough = chains.slice(1, firstOfService);
  expect(passthrough).toHaveLength(5);
  expect(passthrough.every((chain) => !chain.filter_chain_match.destination_port)).toBe(true);
  expect(served.chains('virtualOutbound')[0]).toMatchObject({ name: 'virtualOutbound-blackhole', ...inbound(15001) });
});

const mode = (value: string) => object('security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: value } });
const threePorts = [http(80, { targetPort: 8080 }), tcp(81, { targetPort: 8081 }), { name: 'auto', port: 82, targetPort: 8082 }];

test('gotcha 4: a PERMISSIVE HTTP port has no chain for plain TLS; TCP has three chains, auto five; STRICT auto two', async () => {
  const objects = [service('web', '10.0.0.1', threePorts, ofClient), client];
  const permissive = await meshOf([...objects, mode('PERMISSIVE')]);
  const chains = permissive.chains('virtualInbound');
  expect(protocolsAt(chains, 8080)).toEqual(['tls istio', 'raw_buffer']);
  expect(protocolsAt(chains, 8081)).toEqual(['tls istio', 'tls', 'raw_buffer']);
  expect(protocolsAt(chains, 8082)).toHaveLength(5);
  const strict = (await meshOf([...objects, mode('STRICT')])).chains('virtualInbound');
  expect([8080, 8081, 8082].map((port) => protocolsAt(strict, port).length)).toEqual([1, 1, 2]);
});

test('gotcha 5: inspectors are there where some chain needs them, and look only at its ports', async () => {
  const objects = [service('web', '10.0.0.1', threePorts, ofClient), client];
  const strict = await meshOf([...objects, mode('STRICT')]);
  const filters = (served: { listener: (name: string) => Message }) =>
    (served.listener('virtualInbound').listener_filters as Message[]).map(({ name }) => name.split('.').at(-1));
  expect(filters(strict)).toContain('tls_inspector');
  const off = await meshOf([service('web', '10.0.0.1', [http(80, { targetPort: 8080 })], ofClient), client, mode('DISABLE')]);
  expect(filters(off)).not.toContain('tls_inspector');
  const inspector = (off.listener('virtualInbound').listener_filters as Message[]).find(({ name }) => name.endsWith('http_inspector'));
  expect(JSON.stringify(inspector.filter_disabled)).toContain('8080');
});

test('gotcha 6: a Sidecar with ingress has no chains of services; interception NONE neither', async () => {
  const objects = [service('web', '10.0.0.1', threePorts, ofClient), client];
  const ingress = [{ port: { number: 9080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' }];
  const served = await meshOf([...objects, istio('Sidecar', 'client', { ingress })]);
  expect(served.names('CDS', /^inbound/)).toEqual(['inbound|9080||']);
  const merged = await meshOf([...objects, istio('Sidecar', 'client', { ingress })], {
    env: { PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: 'true' },
  });
  expect(merged.names('CDS', /^inbound/)).toContain('inbound|8081||');
  const none = await meshOf(objects, { metadata: { INTERCEPTION_MODE: 'NONE' } });
  expect(none.names('LDS', /virtualInbound|8080/)).toEqual([]);
});

test('gotcha 7: HTTP shares 0.0.0.0, TCP binds its address, TCP without an address takes the whole port', async () => {
  const entry = (name: string) =>
    istio('ServiceEntry', name, {
      hosts: [`${name}.example.com`],
      ports: [{ number: 9000, name: 'tcp', protocol: 'TCP' }],
      resolution: 'DNS',
    });
  const served = await meshOf([service('a', '10.0.0.1', [http(80), tcp(81)]), service('b', '10.0.0.2', [http(80)]), entry('none')]);
  expect(served.names('LDS', /^(10|0)/)).toEqual(['0.0.0.0_80', '0.0.0.0_9000', '10.0.0.1_81']);
  expect(served.hosts('80').map(({ name }) => name)).toEqual(['a.shop.svc.cluster.local:80', 'b.shop.svc.cluster.local:80', 'allow_any']);
});

test('gotcha 8: HTTP and TCP on one port are told apart by sniffing; of two that match the same the first has the port', async () => {
  const entry = (name: string, metadata: object, number = 9000) =>
    istio(
      'ServiceEntry',
      name,
      { hosts: [`${name}.example.com`], ports: [{ number, name: 'tcp', protocol: 'TCP' }], resolution: 'DNS' },
      metadata,
    );
  const served = await meshOf([entry('young', young), entry('old', old), service('web', '10.0.0.1', [http(80)]), entry('mixed', old, 80)]);
  expect(served.chains('0.0.0.0_9000').map(tcpCluster)).toEqual(['outbound|9000||old.example.com']);
  const mixed = served.chains('0.0.0.0_80');
  expect(mixed.map(isHttpChain)).toEqual([true, false]);
  expect(tcpCluster(mixed[1])).toBe('outbound|80||mixed.example.com');
});
