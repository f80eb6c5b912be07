import { describe, expect, it } from 'vitest';
import { consulSettings } from './consul-settings.ts';
import { convertEndpoints, convertServices, type ServiceConversion } from './convert-service.ts';
import { distinctLabels, hostLabel } from './host-labels.ts';
import { instanceLabels } from './instance-labels.ts';
import type { InstanceFacts } from './service-facts.ts';

function instance(change: Partial<InstanceFacts> = {}): InstanceFacts {
  return {
    node: 'node-1',
    id: 'web-1',
    kind: '',
    address: '10.0.0.1',
    tagged: {},
    nodeAddress: '10.9.9.9',
    nodeTagged: {},
    datacenter: 'dc1',
    port: 8080,
    ports: [],
    socketPath: '',
    tags: [],
    meta: {},
    weights: { passing: 1, warning: 1 },
    locality: '',
    state: 'passing',
    ...change,
  };
}

function convert(instances: readonly Partial<InstanceFacts>[], config: object = {}) {
  const { mapping } = consulSettings({ address: 'a:1', ...config });
  const service = { name: 'web', instances: instances.map((change, i) => instance({ id: `web-${i}`, ...change })) };
  const conversion: ServiceConversion = { registryId: 'consul-dc1', mapping, defaultServiceExportTo: [], label: 'web' };
  const services = new Map(convertServices(service, conversion));
  const endpoints = new Map(
    convertEndpoints(service, conversion, {
      registryId: 'consul-dc1',
      trustDomain: 'cluster.local',
      networks: { systemNetwork: '', registryNetwork: '', ranges: [], gatewayServices: [] },
      mapping,
      workloadAt: () => undefined,
      isUsable: () => false,
    }),
  );
  return { services, endpoints, service: services.get('consul/web.service.consul'), own: endpoints.get('consul/web.service.consul') ?? [] };
}

const ports = (instances: readonly Partial<InstanceFacts>[], config: object = {}) =>
  convert(instances, config).service?.ports.map(({ number, name, protocol }) => `${number} ${name} ${protocol}`);

describe('host names', () => {
  it('are what DNS takes', () => {
    expect(hostLabel('Web_Shop')).toBe('web-shop');
    expect(hostLabel('a.b')).toBe('a.b');
    expect(hostLabel('-x!!y-')).toBe('x-y');
    expect(hostLabel('a'.repeat(70))).toMatch(/^a{56}-[0-9a-z]{6}$/);
    expect(hostLabel('___')).toMatch(/^service-[0-9a-z]{6}$/);
  });

  it('are told apart where two services come to the same, whatever came first', () => {
    const labels = distinctLabels('web-shop', ['web_shop', 'Web-Shop', 'web-shop']);
    expect(labels.get('web-shop')).toBe('web-shop');
    expect(labels.get('web_shop')).toMatch(/^web-shop-[0-9a-z]{6}$/);
    expect(new Set(labels.values()).size).toBe(3);
    expect(distinctLabels('web-shop', ['web-shop', 'web_shop', 'Web-Shop'])).toEqual(labels);
  });

  it('pain 27 and 30: have one with the datacenter, and one for each tag where wanted', () => {
    expect([...convert([{ tags: ['v1', 'a=b'] }]).services.keys()]).toEqual(['consul/web.service.consul', 'consul/web.service.dc1.consul']);
    const all = convert([{ tags: ['Blue'] }, { tags: [] }], { tagHosts: true, datacenterHosts: false, domain: 'mesh.example' });
    expect([...all.services.keys()]).toEqual(['consul/web.service.mesh.example', 'consul/blue.web.service.mesh.example']);
    expect(all.endpoints.get('consul/blue.web.service.mesh.example')).toHaveLength(1);
  });

  it('pain 24: namespaces keep equal names apart', () => {
    const { services, endpoints } = convert([{ meta: { 'mesh-namespace': 'pay' } }, {}, { port: 1, tags: ['mesh/namespace=Not one'] }], {
      meshNamespace: 'shop',
      datacenterHosts: false,
    });
    expect([...services.keys()]).toEqual(['pay/web.service.consul', 'shop/web.service.consul']);
    expect(endpoints.get('pay/web.service.consul')).toHaveLength(1);
    expect(endpoints.get('shop/web.service.consul')).toHaveLength(2);
  });
});

describe('ports', () => {
  it('are the most common one of the instances, which keep their own', () => {
    expect(ports([{ port: 1 }, { port: 2 }, { port: 2 }])).toEqual(['2 default Auto']);
    expect(convert([{ port: 1 }, { port: 2 }]).own.map(({ port }) => port)).toEqual([1, 2]);
    expect(ports([{ port: 2 }, { port: 1 }])).toEqual(['1 default Auto']);
    expect(ports([{ port: 1, meta: { 'mesh-port': '80' } }, { port: 2 }])).toEqual(['80 default Auto']);
    expect(ports([{ port: 1 }, { port: 2 }], { port: 90 })).toEqual(['90 default Auto']);
    expect(ports([{ port: 0 }])).toEqual([]);
  });

  it('may be several (Consul 1.22)', () => {
    const several = {
      port: 0,
      ports: [
        { name: 'grpc-api', port: 9000 },
        { name: 'metrics', port: 9100 },
      ],
    };
    expect(ports([several])).toEqual(['9000 grpc-api GRPC', '9100 metrics Auto']);
    expect(convert([several]).own.map(({ port, portName }) => `${portName} ${port}`)).toEqual(['grpc-api 9000', 'metrics 9100']);
  });

  it.each([
    [{ meta: { protocol: 'grpc' }, tags: ['http'] }, 'GRPC'],
    [{ meta: { appProtocol: 'http2' } }, 'HTTP2'],
    [{ tags: ['protocol=tcp'] }, 'TCP'],
    [{ tags: ['blue', 'http'] }, 'HTTP'],
    [{ meta: { protocol: 'unheard-of' } }, 'Redis'],
  ])('speak what Meta, tags or the configuration say: %j', (change, protocol) => {
    expect(convert([change], { protocol: 'redis' }).service?.ports[0]?.protocol).toBe(protocol);
  });

  it('may be sockets', () => {
    const { service, own } = convert([{ port: 0, socketPath: '/run/web.sock' }]);
    expect(service?.ports[0]?.number).toBe(80);
    expect(own).toMatchObject([{ address: 'unix:///run/web.sock', port: 0 }]);
  });
});

describe('endpoints', () => {
  it('carry labels of Meta and tags, and who they come from', () => {
    expect(
      instanceLabels({ tags: ['a=1', 'b|2', 'blue', 'v3', 'bad key=1'], meta: { a: '9', 'mesh-port': '1', 'no valid key': 'x' } }),
    ).toEqual({
      a: '9',
      b: '2',
      'tag.consul/blue': 'true',
      'tag.consul/v3': 'true',
      version: 'v3',
    });
    expect(convert([{ meta: { version: 'v7' }, tags: ['v3'] }]).own[0]?.labels).toMatchObject({
      version: 'v7',
      'registry.mesh/id': 'consul-dc1',
      'registry.mesh/provider': 'Consul',
    });
  });

  it.each([
    [{ state: 'passing' }, 'HEALTHY', 5],
    [{ state: 'warning' }, 'HEALTHY', 2],
    [{ state: 'critical' }, 'UNHEALTHY', 5],
    [{ state: 'maintenance' }, 'DRAINING', 5],
    [{ state: 'warning', weights: { passing: 5, warning: 0 } }, 'DRAINING', 1],
  ] as const)('pain 17: are as their checks say: %j', (change, health, weight) => {
    expect(convert([{ weights: { passing: 5, warning: 2 }, ...change }]).own).toMatchObject([{ health, weight }]);
  });

  it('pain 27: are at their own address, their node, or the one for other networks', () => {
    const at = (change: Partial<InstanceFacts>, config: object = {}) =>
      convert([change], config).own.map(({ address, port }) => `${address}:${port}`);
    expect(at({})).toEqual(['10.0.0.1:8080']);
    expect(at({ address: '' })).toEqual(['10.9.9.9:8080']);
    expect(at({ address: '0.0.0.0' })).toEqual(['10.9.9.9:8080']);
    const wan = { tagged: { wan: { address: '203.0.113.1', port: 443 } } };
    expect(at(wan)).toEqual(['10.0.0.1:8080']);
    expect(at(wan, { addresses: 'wan' })).toEqual(['203.0.113.1:443']);
    expect(at({ address: '', nodeTagged: { wan: '203.0.113.9' } }, { addresses: 'wan' })).toEqual(['203.0.113.9:8080']);
  });

  it('are looked up by Envoy where one has a name', () => {
    expect(convert([{ address: 'web.example' }]).service?.resolution).toBe('DNSLB');
    expect(convert([{}]).service?.resolution).toBe('ClientSideLB');
  });

  it('know where they are', () => {
    const locality = (change: Partial<InstanceFacts>) => convert([change]).own[0]?.locality;
    expect(locality({})).toBe('dc1');
    expect(locality({ locality: 'eu/a' })).toBe('eu/a');
    expect(locality({ locality: 'eu/a', meta: { 'istio-locality': 'us.b' } })).toBe('us/b');
  });

  it('have an identity only where one is stated', () => {
    const identity = (change: Partial<InstanceFacts>, config: object = {}) => convert([change], config).own[0]?.serviceAccount;
    expect(identity({})).toBe('');
    expect(identity({ tags: ['mesh/serviceaccount=web'] })).toBe('spiffe://cluster.local/ns/consul/sa/web');
    expect(identity({}, { serviceAccount: 'sa-{service}' })).toBe('spiffe://cluster.local/ns/consul/sa/sa-web');
    expect(convert([{ tags: ['security.istio.io/tlsMode=istio'] }]).own[0]?.tlsMode).toBe('istio');
  });

  it('are behind the address that Consul gave to the service', () => {
    expect(convert([{ tagged: { 'consul-virtual': { address: '240.0.0.1', port: 8080 } } }]).service?.addresses).toEqual(['240.0.0.1']);
  });
});
