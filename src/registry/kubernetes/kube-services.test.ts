import { expect, test } from 'vitest';
import type { Service } from '../../model/service.ts';
import type { KubeService } from '../../schema/kubernetes/service.ts';
import { put, type RegistryFixture, registryFixture } from '../registry-fixture.ts';

function serviceOf(fixture: RegistryFixture, key = 'default/web.default.svc.cluster.local'): Service {
  const service = fixture.kube.services.get().get(key);
  if (!service) throw new Error(`no service ${key}`);
  return service;
}

function converted(
  spec: NonNullable<KubeService['spec']>,
  annotations: Record<string, string> = {},
  status: NonNullable<KubeService['status']> = {},
): Service {
  const fixture = registryFixture();
  put(fixture, 'Service', 'web', { spec, status }, { annotations });
  return serviceOf(fixture);
}

test('a Service becomes a service of the mesh', () => {
  const service = converted({
    clusterIP: '10.0.0.1',
    clusterIPs: ['10.0.0.1', 'fd00::1'],
    selector: { app: 'web' },
    ports: [
      { port: 80, name: 'http', targetPort: 'web' },
      { port: 53, name: 'dns', protocol: 'UDP' },
      { port: 90, name: 'tcp-x', appProtocol: 'kubernetes.io/h2c', targetPort: 9090 },
    ],
    internalTrafficPolicy: 'Local',
    publishNotReadyAddresses: true,
  });
  expect(service).toMatchObject({
    hostname: 'web.default.svc.cluster.local',
    name: 'web',
    provider: 'Kubernetes',
    clusterId: 'Kubernetes',
    resolution: 'ClientSideLB',
    kubeType: 'ClusterIP',
    addresses: ['10.0.0.1', 'fd00::1'],
    exportTo: ['*'],
    meshExternal: false,
    selector: { app: 'web' },
    internalTrafficPolicyLocal: true,
    publishNotReadyAddresses: true,
    targetPorts: { 80: 'web', 53: 53, 90: 9090 },
    source: { kind: 'Service', namespace: 'default', name: 'web' },
  });
  expect(service.ports.map((port) => port.protocol)).toEqual(['HTTP', 'UDP', 'HTTP2']);
});

test.each<[NonNullable<KubeService['spec']>, Partial<Service>]>([
  [{ clusterIP: 'None' }, { resolution: 'Passthrough', kubeType: 'Headless', addresses: [] }],
  [{}, { resolution: 'ClientSideLB', kubeType: 'ClusterIP', addresses: [] }],
  [
    { type: 'ExternalName', externalName: 'a.b' },
    { resolution: 'Alias', externalName: 'a.b', meshExternal: true, kubeType: 'ExternalName' },
  ],
  [{ type: 'ExternalName' }, { resolution: 'ClientSideLB', meshExternal: false }],
  [{ trafficDistribution: 'PreferClose' }, { trafficDistribution: 'PreferSameZone' }],
  [{ trafficDistribution: 'PreferSameNode' }, { trafficDistribution: 'PreferSameNode' }],
])('%j', (spec, expected) => {
  expect(converted(spec)).toMatchObject(expected);
});

test('exportTo: annotation, else the mesh default, else all', () => {
  expect(converted({}, { 'networking.istio.io/exportTo': ' b , .,b' }).exportTo).toEqual(['.', 'b']);
  const fixture = registryFixture();
  put(fixture, 'Service', 'web', {});
  fixture.meshConfig.set({ defaultServiceExportTo: ['.'] });
  expect(serviceOf(fixture).exportTo).toEqual(['.']);
  fixture.meshConfig.set({ defaultServiceExportTo: [] });
  expect(serviceOf(fixture).exportTo).toEqual(['*']);
});

test('annotations grant identities', () => {
  const annotations = {
    'alpha.istio.io/canonical-serviceaccounts': 'spiffe://x/ns/a/sa/b',
    'alpha.istio.io/kubernetes-serviceaccounts': 'one,two',
  };
  expect(converted({}, annotations).serviceAccounts).toEqual([
    'spiffe://x/ns/a/sa/b',
    'spiffe://cluster.local/ns/default/sa/one',
    'spiffe://cluster.local/ns/default/sa/two',
  ]);
});

test('traffic distribution: an annotation of the service hides that of the namespace, also a wrong one', () => {
  const annotation = 'networking.istio.io/traffic-distribution';
  const fixture = registryFixture();
  put(fixture, 'Namespace', 'default', {}, { annotations: { [annotation]: 'PreferClose' } });
  put(fixture, 'Service', 'web', {});
  expect(serviceOf(fixture).trafficDistribution).toBe('PreferSameZone');
  put(fixture, 'Service', 'web', {}, { annotations: { [annotation]: 'prefersamenode' } });
  expect(serviceOf(fixture).trafficDistribution).toBe('PreferSameNode');
  put(fixture, 'Service', 'web', {}, { annotations: { [annotation]: 'nonsense' } });
  expect(serviceOf(fixture).trafficDistribution).toBeUndefined();
});

test('addresses from outside: balancer, external, nodes of a gateway', () => {
  const balancer = { loadBalancer: { ingress: [{ ip: '1.1.1.1' }, { hostname: 'lb.example' }] } };
  expect(converted({ type: 'LoadBalancer', externalIPs: ['2.2.2.2'] }, {}, balancer).externalAddresses).toEqual([
    '1.1.1.1',
    'lb.example',
    '2.2.2.2',
  ]);
  const fixture = registryFixture();
  const addresses = [
    { type: 'InternalIP', address: '10.1.1.1' },
    { type: 'ExternalIP', address: '9.9.9.9' },
  ];
  put(fixture, 'Node', 'edge', { status: { addresses } }, { labels: { role: 'edge' } });
  put(fixture, 'Node', 'inner', { status: { addresses } }, { labels: { role: 'inner' } });
  const spec = { type: 'NodePort', ports: [{ port: 15443, name: 'tls', nodePort: 31443 }] } as const;
  put(fixture, 'Service', 'web', { spec }, { annotations: { 'traffic.istio.io/nodeSelector': '{"role":"edge"}' } });
  expect(serviceOf(fixture)).toMatchObject({ externalAddresses: ['9.9.9.9'], nodePorts: { 15443: 31443 } });
  put(fixture, 'Service', 'web', { spec });
  expect(serviceOf(fixture).externalAddresses).toEqual([]);
});
