import { expect, test } from 'vitest';
import type { KubeService } from '../../schema/kubernetes/service.ts';
import { put, type RegistryFixture, registryFixture } from '../registry-fixture.ts';

const network = 'topology.istio.io/network';

function balancer(...ips: readonly string[]): KubeService {
  return {
    spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1', ports: [{ port: 15443, name: 'tls' }] },
    status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } },
  };
}

function gatewaysOf(fixture: RegistryFixture): readonly string[] {
  return fixture.kube.networkGateways.get().map(({ network: of, clusterId, address, port }) => `${of} ${clusterId} ${address}:${port}`);
}

test('a labelled Service is a way into its network at each of its addresses', () => {
  const fixture = registryFixture();
  put(fixture, 'Service', 'east', balancer('192.0.2.1', '192.0.2.2'), { labels: { [network]: 'n2' } });
  expect(gatewaysOf(fixture)).toEqual(['n2 Kubernetes 192.0.2.1:15443', 'n2 Kubernetes 192.0.2.2:15443']);
  put(fixture, 'Service', 'east', balancer('192.0.2.1'), { labels: { [network]: 'n2', 'networking.istio.io/gatewayPort': '443' } });
  expect(gatewaysOf(fixture)).toEqual(['n2 Kubernetes 192.0.2.1:443']);
  put(fixture, 'Service', 'east', balancer('192.0.2.1'), { labels: { [network]: 'n2', 'networking.istio.io/gatewayPort': 'tls' } });
  expect(gatewaysOf(fixture)).toEqual(['n2 Kubernetes 192.0.2.1:15443']);
  fixture.tables.Service.delete('default/east');
  expect(gatewaysOf(fixture)).toEqual([]);
});

test('a Service without an address outside the cluster leads nowhere', () => {
  const fixture = registryFixture();
  put(fixture, 'Service', 'east', { spec: { clusterIP: '10.0.0.1' } }, { labels: { [network]: 'n2' } });
  expect(gatewaysOf(fixture)).toEqual([]);
});

test('meshNetworks names Services of this cluster alone, and of a network that the cluster is in; a label counts before it', () => {
  const fixture = registryFixture();
  put(fixture, 'Service', 'east', balancer('192.0.2.1'));
  const gateways = [{ registryServiceName: 'east.default.svc.cluster.local', port: 443 }];
  fixture.meshNetworks.set({ networks: { n1: { endpoints: [{ fromRegistry: 'other' }], gateways } } });
  expect(gatewaysOf(fixture)).toEqual([]);
  fixture.meshNetworks.set({ networks: { n1: { endpoints: [{ fromRegistry: 'Kubernetes' }], gateways } } });
  expect(gatewaysOf(fixture)).toEqual(['n1 Kubernetes 192.0.2.1:443']);
  put(fixture, 'Service', 'east', balancer('192.0.2.1'), { labels: { [network]: 'n2' } });
  expect(gatewaysOf(fixture)).toEqual(['n2 Kubernetes 192.0.2.1:15443']);
});
