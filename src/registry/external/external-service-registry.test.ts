import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { put, type RegistryFixture, registryFixture } from '../registry-fixture.ts';

const http = { number: 80, name: 'http', protocol: 'HTTP' };
const https = { number: 443, name: 'https', protocol: 'HTTPS' };

function serviceOf(fixture: RegistryFixture, host = 'a.com'): Service | undefined {
  return fixture.controller.services.get().get(`default/${host}`);
}

function endpointsOf(fixture: RegistryFixture, host = 'a.com'): readonly Endpoint[] {
  return fixture.controller.endpoints.get().get(`default/${host}`) ?? [];
}

function withEntry(spec: Partial<ServiceEntry>): RegistryFixture {
  const fixture = registryFixture();
  put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], ...spec });
  return fixture;
}

function places(endpoints: readonly Endpoint[]): readonly (readonly [string, number, string])[] {
  return endpoints.map(({ address, port, portName }) => [address, port, portName] as const);
}

describe('services', () => {
  test('one for each host', () => {
    const fixture = withEntry({
      hosts: ['a.com', 'b.com', 'a.com'],
      addresses: ['1.2.3.4', '10.0.0.0/8', '5.6.7.8/32', 'nonsense'],
      ports: [{ ...http, targetPort: 8080 }, https],
      resolution: 'STATIC',
      location: 'MESH_INTERNAL',
      exportTo: ['.'],
      subjectAltNames: ['spiffe://x'],
    });
    expect([...fixture.controller.services.get().keys()]).toEqual(['default/a.com', 'default/b.com']);
    expect(serviceOf(fixture)).toMatchObject({
      hostname: 'a.com',
      name: 'a.com',
      provider: 'External',
      resolution: 'ClientSideLB',
      meshExternal: false,
      addresses: ['1.2.3.4', '10.0.0.0/8', '5.6.7.8'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 443, name: 'https', protocol: 'HTTPS' },
      ],
      targetPorts: { 80: 8080 },
      exportTo: ['.'],
      serviceAccounts: ['spiffe://x'],
      selector: {},
      source: { kind: 'ServiceEntry', namespace: 'default', name: 'a' },
    });
  });

  test.each([
    [undefined, 'Passthrough'],
    ['DNS', 'DNSLB'],
    ['DNS_ROUND_ROBIN', 'DNSRoundRobinLB'],
    ['DYNAMIC_DNS', 'DynamicDNS'],
  ] as const)('resolution %s is %s', (resolution, expected) => {
    expect(serviceOf(withEntry(resolution ? { resolution } : {}))).toMatchObject({ resolution: expected, meshExternal: true });
  });

  test('addresses that are all wrong leave the service out', () => {
    expect(serviceOf(withEntry({ addresses: ['nonsense'] }))).toBeUndefined();
  });
});

describe('the same host twice', () => {
  const labels = { team: 'x' };

  test('ports and addresses of equals are united, the oldest first', () => {
    const fixture = registryFixture();
    put(fixture, 'ServiceEntry', 'b', { hosts: ['a.com'], ports: [http], addresses: ['1.1.1.1'] }, { createdAt: 2 });
    put(
      fixture,
      'ServiceEntry',
      'c',
      { hosts: ['a.com'], ports: [https, { ...http, name: 'other' }], addresses: ['2.2.2.2'] },
      { createdAt: 1 },
    );
    expect(serviceOf(fixture)).toMatchObject({ createdAt: 1, addresses: ['2.2.2.2', '1.1.1.1'], source: { name: 'c' } });
    expect(serviceOf(fixture)?.ports.map((port) => port.name)).toEqual(['https', 'other']);
  });

  test.each<[string, Partial<ServiceEntry>, object]>([
    ['resolution', { resolution: 'DNS' }, {}],
    ['exportTo', { exportTo: ['.'] }, {}],
    ['labels', {}, { labels }],
    ['selector', { workloadSelector: { labels } }, {}],
  ])('another %s: the younger is a sibling', (_, change, metadata) => {
    const fixture = registryFixture();
    put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], resolution: 'STATIC' });
    put(fixture, 'ServiceEntry', 'b', { hosts: ['a.com'], ports: [https], resolution: 'STATIC', ...change }, metadata);
    put(fixture, 'ServiceEntry', 'c', { hosts: ['a.com'], ports: [{ ...http, number: 81 }], resolution: 'STATIC', ...change }, metadata);
    const numbers = (service: Service | undefined) => service?.ports.map((port) => port.number);
    expect(numbers(serviceOf(fixture))).toEqual([80]);
    expect(serviceOf(fixture)?.siblings?.map(numbers)).toEqual([[443, 81]]);
    expect(serviceOf(fixture)?.siblings).toMatchObject([{ isSibling: true, source: { name: 'b' } }]);
  });

  test('to say what the mesh would say of exportTo makes a sibling, its order does not', () => {
    const fixture = registryFixture();
    const entry = { hosts: ['a.com'], ports: [http] };
    put(fixture, 'ServiceEntry', 'a', entry);
    put(fixture, 'ServiceEntry', 'b', { ...entry, exportTo: ['*'] });
    put(fixture, 'ServiceEntry', 'c', { ...entry, exportTo: ['x', 'y'] });
    put(fixture, 'ServiceEntry', 'd', { ...entry, exportTo: ['y', 'x'] });
    expect(serviceOf(fixture)?.siblings?.map(({ source }) => source.name)).toEqual(['b', 'c']);
  });

  test('the youngest states the identities; siblings have automatic addresses too', () => {
    const fixture = registryFixture();
    const entry = { hosts: ['a.com'], ports: [http], resolution: 'STATIC' } as const;
    put(fixture, 'ServiceEntry', 'a', { ...entry, subjectAltNames: ['a'] }, { createdAt: 1 });
    put(fixture, 'ServiceEntry', 'b', { ...entry, exportTo: ['.'], subjectAltNames: ['b'] }, { createdAt: 2 });
    const service = serviceOf(fixture);
    expect([service?.serviceAccounts, service?.siblings?.[0]?.serviceAccounts]).toEqual([['b'], ['b']]);
    expect(service?.siblings?.[0]?.autoAllocated).toEqual(service?.autoAllocated);
  });

  test('siblings share endpoints: by name, and those that Envoy resolves by number', () => {
    const fixture = registryFixture();
    const web = { ...http, name: 'web' };
    put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], resolution: 'STATIC', endpoints: [{ address: '1.1.1.1' }] });
    put(fixture, 'ServiceEntry', 'b', { hosts: ['a.com'], ports: [web], resolution: 'DNS', endpoints: [{ address: 'b' }] });
    const more = { hosts: ['a.com'], ports: [http], resolution: 'DNS', exportTo: ['.'], endpoints: [{ address: 'c' }] } as const;
    put(fixture, 'ServiceEntry', 'c', more);
    expect(places(endpointsOf(fixture)).toSorted((a, b) => a.join().localeCompare(b.join(), 'en'))).toEqual([
      ['1.1.1.1', 80, 'http'],
      ['b', 80, 'http'],
      ['b', 80, 'web'],
      ['c', 80, 'http'],
      ['c', 80, 'web'],
    ]);
  });

  test('DNS endpoints follow the port number, round robin takes one for each port', () => {
    const fixture = registryFixture();
    const web = { ...http, name: 'web' };
    put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], resolution: 'DNS', endpoints: [{ address: 'one' }] });
    put(fixture, 'ServiceEntry', 'b', { hosts: ['a.com'], ports: [web], resolution: 'DNS', endpoints: [{ address: 'two' }] });
    expect(places(endpointsOf(fixture))).toEqual([
      ['one', 80, 'http'],
      ['two', 80, 'http'],
    ]);
    put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'one' }] });
    put(fixture, 'ServiceEntry', 'b', {
      hosts: ['a.com'],
      ports: [web, https],
      resolution: 'DNS_ROUND_ROBIN',
      endpoints: [{ address: 'two' }],
    });
    expect(places(endpointsOf(fixture))).toEqual([
      ['one', 80, 'http'],
      ['two', 443, 'https'],
    ]);
  });
});

describe('endpoints', () => {
  test('written inline', () => {
    const fixture = withEntry({
      resolution: 'STATIC',
      ports: [{ ...http, targetPort: 8080 }, https],
      endpoints: [
        { address: '2.2.2.2', ports: { http: 9000 }, weight: 5, locality: 'r/z', network: 'n', labels: { v: '1' }, serviceAccount: 'sa' },
        { address: 'not.an.ip' },
        { address: 'unix:///tmp/s' },
      ],
    });
    fixture.meshConfig.set({ trustDomain: 'td' });
    expect(places(endpointsOf(fixture))).toEqual([
      ['2.2.2.2', 443, 'https'],
      ['2.2.2.2', 9000, 'http'],
      ['unix:///tmp/s', 0, 'http'],
      ['unix:///tmp/s', 0, 'https'],
    ]);
    expect(endpointsOf(fixture)[0]).toMatchObject({
      weight: 5,
      locality: 'r/z',
      network: 'n',
      serviceAccount: 'spiffe://td/ns/default/sa/sa',
      tlsMode: 'istio',
      workloadName: 'a-0',
      namespace: 'default',
      health: 'HEALTHY',
    });
    expect(endpointsOf(fixture)[0]?.labels).toEqual({
      v: '1',
      'registry.mesh/id': 'External',
      'registry.mesh/provider': 'External',
      'topology.istio.io/cluster': 'Kubernetes',
      'topology.istio.io/network': 'n',
      'topology.kubernetes.io/region': 'r',
      'topology.kubernetes.io/zone': 'z',
    });
    expect(endpointsOf(fixture)[2]).toMatchObject({ weight: 1, tlsMode: 'disabled', serviceAccount: '' });
  });

  test.each(['constructor', 'hasOwnProperty', '__proto__'])('a port may be named %s', (name) => {
    const fixture = withEntry({
      resolution: 'STATIC',
      ports: [{ ...http, name }],
      endpoints: [{ address: '10.0.0.1', ports: { other: 1 } }],
    });
    expect(places(endpointsOf(fixture))).toEqual([['10.0.0.1', 80, name]]);
  });

  test('DNS without endpoints: the host is the endpoint', () => {
    const fixture = withEntry({ resolution: 'DNS', ports: [{ ...http, targetPort: 8080 }] });
    expect(endpointsOf(fixture)).toMatchObject([{ address: 'a.com', port: 8080, portName: 'http', workloadName: 'a' }]);
    expect(endpointsOf(withEntry({ resolution: 'STATIC' }))).toEqual([]);
    expect(endpointsOf(withEntry({ resolution: 'DNS', workloadSelector: { labels: { app: 'x' } } }))).toEqual([]);
  });

  test('workloadSelector takes WorkloadEntries and ready pods of its namespace', () => {
    const labels = { app: 'x' };
    const fixture = withEntry({ resolution: 'STATIC', workloadSelector: { labels } });
    put(fixture, 'WorkloadEntry', 'vm', { address: '3.3.3.3', ports: { http: 9000 }, labels });
    put(fixture, 'WorkloadEntry', 'meta', { address: '3.3.3.4', labels: { app: 'y' } }, { labels });
    put(fixture, 'WorkloadEntry', 'named', { address: 'vm.example', labels });
    put(fixture, 'WorkloadEntry', 'far/vm', { address: '3.3.3.5', labels });
    const containers = [{ ports: [{ name: 'http', containerPort: 7000 }] }];
    put(fixture, 'Pod', 'p', { spec: { containers }, status: { podIP: '4.4.4.4' } }, { labels });
    const conditions = [{ type: 'Ready', status: 'False' }];
    put(fixture, 'Pod', 'q', { status: { podIP: '4.4.4.5', conditions } }, { labels });
    expect(places(endpointsOf(fixture))).toEqual([
      ['3.3.3.3', 9000, 'http'],
      ['3.3.3.4', 80, 'http'],
      ['4.4.4.4', 7000, 'http'],
    ]);
    put(fixture, 'ServiceEntry', 'a', { hosts: ['a.com'], ports: [http], resolution: 'DNS', workloadSelector: { labels } });
    expect(endpointsOf(fixture).map((each) => each.address)).toContain('vm.example');
  });

  test('a WorkloadEntry with health checks counts once its status says Healthy', () => {
    const labels = { app: 'x' };
    const fixture = withEntry({ resolution: 'STATIC', workloadSelector: { labels } });
    const annotations = { 'proxy.istio.io/health-checks-enabled': 'true' };
    const spec = { address: '3.3.3.3', labels };
    put(fixture, 'WorkloadEntry', 'vm', spec, { annotations });
    expect(endpointsOf(fixture)).toEqual([]);
    put(fixture, 'WorkloadEntry', 'vm', spec, { annotations, status: { conditions: [{ type: 'Healthy', status: 'True' }] } });
    expect(endpointsOf(fixture)).toHaveLength(1);
    put(fixture, 'WorkloadEntry', 'vm', spec, { annotations, status: { conditions: [{ type: 'Healthy', status: 'False' }] } });
    expect(endpointsOf(fixture)).toEqual([]);
    expect(fixture.controller.workloads.get().size).toBe(0);
  });
});
