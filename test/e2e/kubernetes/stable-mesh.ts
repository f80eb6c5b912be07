export const envoyAddress = '127.0.1.61';
export const trafficPort = 18080;
const stableServices = 20;

export function istioObject(kind: string, name: string, spec: object, version = 'v1'): object {
  return { apiVersion: `networking.istio.io/${version}`, kind, metadata: { name, namespace: 'shop' }, spec };
}

export function kubeService(name: string, address: string, namespace = 'shop'): readonly object[] {
  const metadata = { name, namespace };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ];
}

export function clusterName(service: string, namespace = 'shop'): string {
  return `outbound|80||${service}.${namespace}.svc.cluster.local`;
}

export function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A mesh that stays the same through all faults. */
export function stableMesh(backendPort: number): readonly object[] {
  const listener = {
    port: { number: trafficPort, protocol: 'HTTP', name: 'http' },
    bind: envoyAddress,
    captureMode: 'NONE',
    hosts: ['./*'],
  };
  const services = Array.from({ length: stableServices }, (_, index) => kubeService(`stable-${index}`, `10.61.0.${index + 1}`)).flat();
  return [
    istioObject('Sidecar', 'client', { workloadSelector: { labels: { app: 'client' } }, egress: [listener] }),
    istioObject('ServiceEntry', 'stable', {
      hosts: ['stable.internal'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ number: trafficPort, protocol: 'HTTP', name: 'main' }],
      endpoints: [{ address: '127.0.0.1', ports: { main: backendPort } }],
    }),
    istioObject('VirtualService', 'stable', {
      hosts: ['stable.internal'],
      http: [{ route: [{ destination: { host: 'stable.internal' } }] }],
    }),
    ...services,
  ];
}

/** Requests that always succeed there, through a real Envoy, and what nobody may lose; for the oracle. */
export const stableTraffic = {
  envoy: { name: 'client', address: envoyAddress, labels: { app: 'client' } },
  call: { address: envoyAddress, port: trafficPort, host: 'stable.internal' },
  isStable: (name: string) => name.includes('stable'),
};
