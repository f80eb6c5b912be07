/** Plain facts for the tests of clusters and endpoints: a service, its endpoints and a proxy class. */
import type { EndpointScope } from '../../mesh/scope.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';

export const hostname = 'reviews.default.svc.cluster.local';
export const httpPort = { number: 80, name: 'http', protocol: 'HTTP' } as const;

export function scopeOf(over: Partial<EndpointScope> = {}): EndpointScope {
  return {
    role: 'sidecar',
    namespace: 'default',
    dnsDomain: 'default.svc.cluster.local',
    clusterId: 'Kubernetes',
    features: {
      workloadCertificates: true,
      istioExtensions: true,
      interception: 'REDIRECT',
      http10: false,
      usesAllocatedAddresses: false,
      ipv4: true,
      ipv6: false,
    },
    network: '',
    locality: '',
    nodeName: '',
    labels: {},
    ...over,
  };
}

export function serviceOf(over: Partial<Service> = {}): Service {
  return {
    hostname,
    namespace: 'default',
    name: 'reviews',
    provider: 'Kubernetes',
    clusterId: 'Kubernetes',
    ports: [httpPort],
    resolution: 'ClientSideLB',
    meshExternal: false,
    addresses: ['10.96.0.10'],
    autoAllocated: {},
    exportTo: ['*'],
    serviceAccounts: [],
    labels: {},
    selector: { app: 'reviews' },
    createdAt: 0,
    targetPorts: { 80: 8080 },
    internalTrafficPolicyLocal: false,
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: { kind: 'Service', namespace: 'default', name: 'reviews' },
    ...over,
  };
}

export function endpointOf(address: string, over: Partial<Endpoint> = {}): Endpoint {
  return {
    address,
    port: 8080,
    portName: 'http',
    labels: { app: 'reviews', version: 'v1' },
    locality: '',
    weight: 1,
    health: 'HEALTHY',
    serviceAccount: 'spiffe://cluster.local/ns/default/sa/reviews',
    network: '',
    clusterId: 'Kubernetes',
    namespace: 'default',
    workloadName: 'reviews-v1',
    tlsMode: 'istio',
    ...over,
  };
}
