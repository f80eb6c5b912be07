import { kindOf } from '../../../src/schema/kinds.ts';
import { collectionOf, type FakeApiServer } from './fake-api-server.ts';

const collections = {
  services: collectionOf(kindOf('Service')!),
  slices: collectionOf(kindOf('EndpointSlice')!),
  namespaces: collectionOf(kindOf('Namespace')!),
};

/** A Service `web` in the namespace `shop` of a cluster, with an endpoint behind it. */
export function putWeb(fake: FakeApiServer, clusterIp: string, address: string): void {
  fake.put(collections.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { clusterIP: clusterIp, selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  } as never);
  putSlice(fake, address);
}

export function putSlice(fake: FakeApiServer, ...addresses: readonly string[]): void {
  fake.put(collections.slices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  } as never);
}

export function putNamespace(fake: FakeApiServer, name: string, labels: Readonly<Record<string, string>>): void {
  fake.put(collections.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } } as never);
}
