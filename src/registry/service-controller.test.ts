import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';
import type { EndpointSlice } from '../schema/kubernetes/endpoint-slice.ts';
import type { ProxyPlace } from './find-workload.ts';
import { put, type RegistryFixture, registryFixture } from './registry-fixture.ts';
import { RegistrySet } from './registry-set.ts';
import { ServiceController } from './service-controller.ts';

const proxy: ProxyPlace = {
  id: 'web-1.default',
  namespace: 'default',
  addresses: ['10.1.0.1'],
  labels: {},
  clusterId: 'Kubernetes',
  metadata: {},
};
const app = { labels: { app: 'web' } };
const http = { number: 80, name: 'http', protocol: 'HTTP' };

function targetsOf(fixture: RegistryFixture, place: ProxyPlace = proxy): readonly (readonly [string, number, number])[] {
  const cell = fixture.engine.derived((read) => fixture.controller.targetsOf(read, place));
  return cell.get().map(({ service, port, targetPort }) => [service.hostname, port.number, targetPort] as const);
}

function withWeb(): RegistryFixture {
  const fixture = registryFixture();
  const ports = [
    { port: 80, name: 'http', targetPort: 'web' },
    { port: 81, name: 'http-alt', targetPort: 'web' },
    { port: 90, name: 'grpc', targetPort: 9090 },
    { port: 99, name: 'http-absent', targetPort: 'absent' },
  ];
  put(fixture, 'Service', 'web', { spec: { clusterIP: '10.0.0.1', selector: { app: 'web' }, ports } }, { createdAt: 5 });
  return fixture;
}

const web = 'web.default.svc.cluster.local';
const container = { ports: [{ name: 'web', containerPort: 8080 }] };

describe('targets', () => {
  test('of a pod: the services that select it, one for each container port and protocol', () => {
    const fixture = withWeb();
    put(fixture, 'Service', 'other/web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
    put(fixture, 'Service', 'all', { spec: { selector: {}, ports: [{ port: 80 }] } });
    put(fixture, 'Service', 'older', { spec: { selector: { app: 'web' }, ports: [{ port: 70, name: 'tcp' }] } }, { createdAt: 1 });
    put(fixture, 'Pod', 'web-1', { spec: { containers: [container] }, status: { podIP: '10.1.0.7' } }, app);
    expect(targetsOf(fixture)).toEqual([
      ['older.default.svc.cluster.local', 70, 70],
      [web, 80, 8080],
      [web, 90, 9090],
    ]);
  });

  test('the pod is found by address where the id names none, but not in another namespace or cluster', () => {
    const fixture = withWeb();
    put(fixture, 'Pod', 'web-2', { spec: { containers: [container] }, status: { podIP: '10.1.0.1' } }, app);
    expect(targetsOf(fixture)).toHaveLength(2);
    expect(targetsOf(fixture, { ...proxy, namespace: 'other' })).toEqual([]);
    expect(targetsOf(fixture, { ...proxy, clusterId: 'far' })).toEqual([]);
  });

  test('before the pod is known, what the proxy says of itself', () => {
    const fixture = withWeb();
    expect(targetsOf(fixture, { ...proxy, ...app })).toEqual([[web, 90, 9090]]);
    const metadata = { POD_PORTS: '[{"name":"web","containerPort":8081,"protocol":"TCP"}]' };
    expect(targetsOf(fixture, { ...proxy, ...app, metadata })).toEqual([
      [web, 80, 8081],
      [web, 90, 9090],
    ]);
    expect(targetsOf(fixture, { ...proxy, ...app, metadata: { POD_PORTS: 'no json' } })).toHaveLength(1);
  });

  test('a pod that nothing selects serves what slices say of its primary address', () => {
    const fixture = registryFixture();
    put(fixture, 'Service', 'bare', { spec: { clusterIP: 'None', ports: [{ port: 80, name: 'http' }] } });
    const slice: EndpointSlice = { addressType: 'IPv4', ports: [{ name: 'http', port: 8080 }], endpoints: [{ addresses: ['10.1.0.1'] }] };
    put(fixture, 'EndpointSlice', 'bare-1', slice, { labels: { 'kubernetes.io/service-name': 'bare' } });
    put(fixture, 'Pod', 'web-1', { status: { podIP: '10.1.0.1' } }, app);
    expect(targetsOf(fixture)).toEqual([['bare.default.svc.cluster.local', 80, 8080]]);
    expect(targetsOf(fixture, { ...proxy, addresses: ['10.1.0.2', '10.1.0.1'] })).toEqual([]);
  });

  test('of a WorkloadEntry: Kubernetes services that select it, by its own ports', () => {
    const fixture = withWeb();
    put(fixture, 'WorkloadEntry', 'vm', { address: '10.1.0.1', ports: { web: 8888 }, ...app });
    expect(targetsOf(fixture)).toEqual([
      [web, 80, 8888],
      [web, 81, 8888],
      [web, 90, 9090],
    ]);
  });

  test('ServiceEntries of the namespace with an endpoint at any address of the proxy', () => {
    const fixture = registryFixture();
    const entry = { hosts: ['a.com'], resolution: 'STATIC', ports: [{ ...http, targetPort: 8080 }] } as const;
    put(fixture, 'ServiceEntry', 'a', { ...entry, endpoints: [{ address: '10.1.0.2' }, { address: '10.1.0.3' }] });
    put(fixture, 'ServiceEntry', 'other/a', { ...entry, hosts: ['b.com'], endpoints: [{ address: '10.1.0.2' }] });
    expect(targetsOf(fixture, { ...proxy, addresses: ['10.1.0.1', '10.1.0.2'] })).toEqual([['a.com', 80, 8080]]);
    expect(targetsOf(fixture)).toEqual([]);
  });
});

test('the workload of a proxy: its pod, else its WorkloadEntry', () => {
  const fixture = registryFixture();
  const found = fixture.engine.derived((read) => fixture.controller.workloadOf(read, proxy)?.source);
  expect(found.get()).toBeUndefined();
  put(fixture, 'WorkloadEntry', 'vm', { address: '10.1.0.1' });
  expect(found.get()).toEqual({ kind: 'WorkloadEntry', namespace: 'default', name: 'vm' });
  put(fixture, 'Pod', 'web-1', {});
  expect(found.get()).toEqual({ kind: 'Pod', namespace: 'default', name: 'web-1' });
  put(fixture, 'Pod', 'web-1', { status: { phase: 'Failed' } });
  expect(found.get()).toMatchObject({ kind: 'WorkloadEntry' });
});

test('Kubernetes wins over a ServiceEntry of the same host, and has the endpoints of both', () => {
  const fixture = withWeb();
  put(fixture, 'Pod', 'web-1', { spec: { containers: [container] }, status: { podIP: '10.1.0.1' } }, app);
  const endpoints = [{ address: '10.2.0.1' }, { address: '10.1.0.1', ports: { http: 8080 } }];
  put(fixture, 'ServiceEntry', 'web', { hosts: [web], resolution: 'STATIC', ports: [http, { number: 1, name: 'x' }], endpoints });
  const { services, endpoints: merged, servicesByHostname } = fixture.controller;
  const { siblings, ...service } = services.get().get(`default/${web}`) ?? {};
  expect(service).toEqual(fixture.kube.services.get().get(`default/${web}`));
  expect(siblings?.map(({ source }) => source.kind)).toEqual(['ServiceEntry']);
  const ofHttp = merged
    .get()
    .get(`default/${web}`)
    ?.filter((each) => each.portName === 'http');
  expect(ofHttp?.map(({ address, port }) => [address, port])).toEqual([
    ['10.1.0.1', 8080],
    ['10.2.0.1', 80],
  ]);
  expect([...servicesByHostname.group(web).get().keys()]).toEqual([`default/${web}`]);
});

test('pods of one name in two clusters are kept apart', () => {
  const here = registryFixture();
  const labels = { app: 'web', side: 'far' };
  const source = { kind: 'Pod', namespace: 'default', name: 'web-1' };
  const place = { clusterId: 'far', locality: '', network: '', nodeName: '', serviceAccount: '', workloadName: '' };
  const workloads = here.engine.table<Workload>();
  workloads.set('Pod/default/web-1', { ...place, source, name: 'web-1', namespace: 'default', addresses: [], labels, annotations: {} });
  put(here, 'Pod', 'web-1', {}, app);
  const empty = { services: here.engine.table<Service>(), endpoints: here.engine.table<readonly Endpoint[]>() };
  const far = { ...empty, id: 'far', provider: 'Kubernetes', clusterId: 'far', workloads, hasSynced: () => true, status } as const;
  const controller = new ServiceController(new RegistrySet({ engine: here.engine, fixed: [here.kube, far, here.external] }));
  const sideOf = (clusterId: string): string | undefined =>
    here.engine.derived((read) => controller.workloadOf(read, { ...proxy, clusterId })?.labels['side']).get();
  expect([sideOf('Kubernetes'), sideOf('far')]).toEqual([undefined, 'far']);
});

function status(): never {
  throw new Error('nobody asks for its status here');
}
