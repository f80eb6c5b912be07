import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../model/endpoint.ts';
import type { EndpointSlice } from '../../schema/kubernetes/endpoint-slice.ts';
import type { Pod } from '../../schema/kubernetes/pod.ts';
import { put, type RegistryFixture, registryFixture } from '../registry-fixture.ts';
import { endpointHealth } from './endpoint-health.ts';

const key = 'default/web.default.svc.cluster.local';
const ofWeb = { labels: { 'kubernetes.io/service-name': 'web' } };

function endpointsOf(fixture: RegistryFixture): readonly Endpoint[] {
  return fixture.controller.endpoints.get().get(key) ?? [];
}

function pod(ip: string, spec: Pod['spec'] = {}): Pod {
  return { spec, status: { podIP: ip, conditions: [{ type: 'Ready', status: 'True' }] } };
}

function withService(): RegistryFixture {
  const fixture = registryFixture();
  const ports = [{ port: 80, name: 'http', targetPort: 'web' }];
  put(fixture, 'Service', 'web', { spec: { clusterIP: '10.0.0.1', selector: { app: 'web' }, ports } });
  return fixture;
}

function slice(endpoints: NonNullable<EndpointSlice['endpoints']>): EndpointSlice {
  return { addressType: 'IPv4', ports: [{ name: 'http', port: 8080 }], endpoints };
}

describe('slices', () => {
  test('an endpoint takes what its pod and node say', () => {
    const fixture = withService();
    const labels = { 'topology.kubernetes.io/region': 'eu', 'topology.kubernetes.io/zone': 'eu-1' };
    put(fixture, 'Node', 'n1', {}, { labels });
    const spec = { nodeName: 'n1', serviceAccountName: 'bob', subdomain: 'sub' };
    const metadata = {
      labels: { app: 'web', 'security.istio.io/tlsMode': 'istio', 'pod-template-hash': 'abc' },
      generateName: 'web-abc-',
      owner: { kind: 'ReplicaSet', name: 'web-abc' },
    };
    put(fixture, 'Pod', 'web-abc-1', pod('10.1.0.1', spec), metadata);
    put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1'], targetRef: { kind: 'Pod', name: 'web-abc-1' } }]), ofWeb);
    expect(endpointsOf(fixture)).toEqual([
      {
        address: '10.1.0.1',
        port: 8080,
        portName: 'http',
        labels: {
          ...metadata.labels,
          ...labels,
          'topology.istio.io/cluster': 'Kubernetes',
          'kubernetes.io/hostname': 'n1',
          'registry.mesh/id': 'Kubernetes',
          'registry.mesh/provider': 'Kubernetes',
        },
        locality: 'eu/eu-1/',
        weight: 1,
        health: 'HEALTHY',
        serviceAccount: 'spiffe://cluster.local/ns/default/sa/bob',
        network: '',
        clusterId: 'Kubernetes',
        namespace: 'default',
        workloadName: 'web',
        tlsMode: 'istio',
        nodeName: 'n1',
        hostname: 'web-abc-1',
        subDomain: 'sub',
      },
    ]);
  });

  test('a target pod is waited for; an address alone may stand alone or find a pod of its namespace', () => {
    const fixture = withService();
    const ref = { kind: 'Pod', name: 'late' };
    put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.9'], targetRef: ref }, { addresses: ['10.1.0.1'] }]), ofWeb);
    expect(endpointsOf(fixture)).toMatchObject([{ address: '10.1.0.1', workloadName: '', tlsMode: 'disabled', serviceAccount: '' }]);
    put(fixture, 'Pod', 'other/p', pod('10.1.0.1'));
    put(fixture, 'Pod', 'late', pod('10.1.0.9'));
    expect(endpointsOf(fixture).map((each) => each.workloadName)).toEqual(['', 'late']);
    put(fixture, 'Pod', 'p', pod('10.1.0.1'));
    expect(endpointsOf(fixture).map((each) => each.workloadName)).toEqual(['p', 'late']);
  });

  test('two slices with one address are one endpoint; names of DNS and of multi-cluster services are none', () => {
    const fixture = withService();
    put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.2', '10.1.0.1'] }]), ofWeb);
    put(fixture, 'EndpointSlice', 'web-2', slice([{ addresses: ['10.1.0.1'] }]), ofWeb);
    put(fixture, 'EndpointSlice', 'fqdn', { ...slice([{ addresses: ['a.b'] }]), addressType: 'FQDN' }, ofWeb);
    const labels = { ...ofWeb.labels, 'multicluster.kubernetes.io/service-name': 'web' };
    put(fixture, 'EndpointSlice', 'mcs', slice([{ addresses: ['10.1.0.3'] }]), { labels });
    expect(endpointsOf(fixture).map((each) => each.address)).toEqual(['10.1.0.1', '10.1.0.2']);
  });

  test.each([
    [{}, {}, 'HEALTHY'],
    [{ ready: true, terminating: true }, {}, 'HEALTHY'],
    [{ ready: false, terminating: false }, {}, 'UNHEALTHY'],
    [{ ready: false, serving: true, terminating: true }, {}, 'TERMINATING'],
    [{ ready: false }, {}, 'TERMINATING'],
    [{ ready: false, serving: true, terminating: true }, { 'istio.io/persistent-session': 'c' }, 'DRAINING'],
    [{ ready: false, serving: false, terminating: true }, { 'istio.io/persistent-session-header': 'c' }, 'TERMINATING'],
    [{ ready: false, serving: true, terminating: false }, { 'istio.io/persistent-session': 'c' }, 'UNHEALTHY'],
  ])('conditions %j with service labels %j: %s', (conditions, labels, expected) => {
    expect(endpointHealth(conditions, labels)).toBe(expected);
  });
});

describe('slices of others than Kubernetes', () => {
  test('count as its own: mirrored from Endpoints, written by hand, of both address families', () => {
    const fixture = withService();
    const by = (manager: string) => ({ labels: { ...ofWeb.labels, 'endpointslice.kubernetes.io/managed-by': manager } });
    put(fixture, 'EndpointSlice', 'mirrored', slice([{ addresses: ['10.9.0.1'] }]), by('endpointslicemirroring-controller.k8s.io'));
    put(fixture, 'EndpointSlice', 'by-hand', { ...slice([{ addresses: ['fd00::1'] }]), addressType: 'IPv6' }, by('somebody'));
    const foreign = { labels: { 'kubernetes.io/service-name': 'web' } };
    put(fixture, 'EndpointSlice', 'elsewhere/web-1', slice([{ addresses: ['10.9.0.7'] }]), foreign);
    expect(endpointsOf(fixture).map(({ address }) => address)).toEqual(['10.9.0.1', 'fd00::1']);
  });

  test('wait for their Service, and go with it', () => {
    const fixture = registryFixture();
    put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1'] }]), ofWeb);
    expect(fixture.controller.endpoints.get().size).toBe(0);
    const web = { spec: { clusterIP: '10.0.0.1', ports: [{ port: 80, name: 'http' }] } };
    put(fixture, 'Service', 'web', web);
    expect(endpointsOf(fixture)).toHaveLength(1);
    fixture.tables.Service.delete('default/web');
    expect(fixture.controller.endpoints.get().size).toBe(0);
    put(fixture, 'Service', 'web', { spec: { type: 'ExternalName', externalName: 'a.b', ports: web.spec.ports } });
    expect(endpointsOf(fixture)).toEqual([]);
  });
});

test('a live cluster says by its slices alone what is behind a Service', () => {
  const fixture = registryFixture({ areSlicesMade: true });
  const ports = [{ port: 80, name: 'http', targetPort: 8080 }];
  put(fixture, 'Service', 'web', { spec: { clusterIP: '10.0.0.1', selector: { app: 'web' }, ports } });
  put(fixture, 'Pod', 'a', pod('10.1.0.1'), { labels: { app: 'web' } });
  expect(endpointsOf(fixture)).toEqual([]);
  put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1'], targetRef: { kind: 'Pod', name: 'a' } }]), ofWeb);
  expect(endpointsOf(fixture)).toMatchObject([{ address: '10.1.0.1', namespace: 'default' }]);
});

describe('without slices', () => {
  const containers = [
    {
      ports: [
        { name: 'web', containerPort: 8443, protocol: 'UDP' },
        { name: 'web', containerPort: 8080 },
      ],
    },
  ];
  const app = { labels: { app: 'web' } };

  test('selected pods are the endpoints', () => {
    const fixture = withService();
    put(fixture, 'Pod', 'b', pod('10.1.0.2', { containers }), app);
    put(fixture, 'Pod', 'a', { spec: { containers }, status: { podIP: '10.1.0.1' } }, app);
    put(fixture, 'Pod', 'no-port', pod('10.1.0.3'), app);
    put(fixture, 'Pod', 'not-selected', pod('10.1.0.4', { containers }), { labels: { app: 'db' } });
    put(fixture, 'Pod', 'elsewhere/c', pod('10.1.0.5', { containers }), app);
    put(fixture, 'Pod', 'ended', { spec: { containers }, status: { podIP: '10.1.0.6', phase: 'Succeeded' } }, app);
    expect(endpointsOf(fixture).map(({ address, port, health }) => [address, port, health])).toEqual([
      ['10.1.0.1', 8080, 'HEALTHY'],
      ['10.1.0.2', 8080, 'HEALTHY'],
    ]);
  });

  test('readiness decides health; publishNotReadyAddresses makes it not matter', () => {
    const fixture = withService();
    const status = { podIP: '10.1.0.1', conditions: [{ type: 'Ready', status: 'False' }] };
    put(fixture, 'Pod', 'a', { spec: { containers }, status }, app);
    expect(endpointsOf(fixture)).toMatchObject([{ health: 'UNHEALTHY' }]);
    put(fixture, 'Pod', 'a', pod('10.1.0.1', { containers }), { ...app, isTerminating: true });
    expect(endpointsOf(fixture)).toMatchObject([{ health: 'TERMINATING' }]);
    const ports = [{ port: 80, name: 'http', targetPort: 'web' }];
    put(fixture, 'Service', 'web', { spec: { selector: { app: 'web' }, ports, publishNotReadyAddresses: true } });
    expect(endpointsOf(fixture)).toMatchObject([{ health: 'HEALTHY' }]);
  });

  test('one slice, even an empty one, means that somebody writes slices', () => {
    const fixture = withService();
    put(fixture, 'Pod', 'a', pod('10.1.0.1', { containers }), app);
    put(fixture, 'EndpointSlice', 'web-1', slice([]), ofWeb);
    expect(endpointsOf(fixture)).toEqual([]);
  });
});

test('WorkloadEntries that a Service selects are endpoints beside its pods', () => {
  const fixture = withService();
  put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1'] }]), ofWeb);
  put(fixture, 'WorkloadEntry', 'vm', { address: '10.9.0.1', ports: { web: 9080 }, labels: { app: 'web' }, serviceAccount: 'vm' });
  put(fixture, 'WorkloadEntry', 'named', { address: 'vm.example', ports: { web: 9080 }, labels: { app: 'web' } });
  put(fixture, 'WorkloadEntry', 'portless', { address: '10.9.0.2', labels: { app: 'web' } });
  expect(endpointsOf(fixture)).toMatchObject([
    { address: '10.1.0.1', port: 8080 },
    { address: '10.9.0.1', port: 9080, portName: 'http', tlsMode: 'istio', workloadName: 'vm' },
  ]);
  put(fixture, 'Service', 'web', { spec: { selector: { app: 'web' }, ports: [{ port: 80, name: 'http', targetPort: 8000 }] } });
  expect(endpointsOf(fixture).map(({ address, port }) => [address, port])).toEqual([
    ['10.1.0.1', 8080],
    ['10.9.0.1', 8000],
    ['10.9.0.2', 8000],
  ]);
});

test('networks: label of the pod, else of the system namespace, else meshNetworks', () => {
  const fixture = withService();
  put(fixture, 'Pod', 'a', pod('10.1.0.1'), { labels: { 'topology.istio.io/network': 'own' } });
  put(fixture, 'Pod', 'b', pod('10.1.0.2'));
  put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1', '10.1.0.2', '10.7.0.1'] }]), ofWeb);
  const networks = (): readonly string[] => endpointsOf(fixture).map((each) => each.network);
  expect(networks()).toEqual(['own', '', '']);
  fixture.meshNetworks.set({ networks: { far: { endpoints: [{ fromCidr: '10.7.0.0/16' }] } } });
  expect(networks()).toEqual(['own', '', 'far']);
  fixture.meshNetworks.set({ networks: { here: { endpoints: [{ fromRegistry: 'Kubernetes' }] } } });
  expect(networks()).toEqual(['own', 'here', 'here']);
  put(fixture, 'Namespace', 'istio-system', {}, { labels: { 'topology.istio.io/network': 'sys' } });
  expect(networks()).toEqual(['own', 'sys', 'sys']);
  expect(endpointsOf(fixture)[2]?.labels).toMatchObject({ 'topology.istio.io/network': 'sys' });
});

test('the locality label of a pod wins over its node', () => {
  const fixture = withService();
  put(fixture, 'Node', 'n1', {}, { labels: { 'failure-domain.beta.kubernetes.io/region': 'old' } });
  put(fixture, 'Pod', 'a', pod('10.1.0.1', { nodeName: 'n1' }), { labels: { 'istio-locality': 'r.z.s' } });
  put(fixture, 'Pod', 'b', pod('10.1.0.2', { nodeName: 'n1' }));
  put(fixture, 'EndpointSlice', 'web-1', slice([{ addresses: ['10.1.0.1', '10.1.0.2'] }]), ofWeb);
  expect(endpointsOf(fixture).map((each) => each.locality)).toEqual(['r/z/s', 'old//']);
});
