import { type Slot, spec } from './slot.ts';

/** The second cluster of the mesh. */
export const farCluster = 'far';

const far = { cluster: farCluster } as const;

/** The same names as in the first cluster, and one that is there alone; with ports, kinds and visibility that may differ. */
const services: readonly Slot[] = ['web', 'db', 'only'].map((name) => ({
  ...far,
  kind: 'Service',
  apiVersion: 'v1',
  namespace: 'shop',
  name,
  variants: spec(
    { clusterIP: '10.20.0.1', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    {
      clusterIP: '10.20.0.2',
      selector: { app: name },
      ports: [
        { name: 'tcp', port: 80, targetPort: 9000 },
        { name: 'grpc', port: 82 },
      ],
    },
    { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    { type: 'ExternalName', externalName: 'api.example.com', ports: [{ name: 'http', port: 80 }] },
  ),
  annotations: [{}, { 'networking.istio.io/exportTo': '.' }],
}));

const pod: Slot = {
  ...far,
  kind: 'Pod',
  apiVersion: 'v1',
  namespace: 'shop',
  name: 'one',
  variants: ['True', 'False'].map((status) => ({
    spec: {
      nodeName: 'node-0',
      serviceAccountName: 'far',
      containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }],
    },
    status: { phase: 'Running', podIP: '10.2.0.1', podIPs: [{ ip: '10.2.0.1' }], conditions: [{ type: 'Ready', status }] },
  })),
  labels: [
    { app: 'web', version: 'v1', 'security.istio.io/tlsMode': 'istio', 'topology.istio.io/network': 'n2' },
    { app: 'web', version: 'v2' },
    { app: 'db', version: 'v1', 'security.istio.io/tlsMode': 'istio', 'topology.istio.io/network': 'n1' },
  ],
};

const slices: readonly Slot[] = ['web', 'only'].map((service) => ({
  ...far,
  kind: 'EndpointSlice',
  apiVersion: 'discovery.k8s.io/v1',
  namespace: 'shop',
  name: `${service}-1`,
  variants: [
    {
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [{ addresses: ['10.2.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'one', namespace: 'shop' } }],
    },
    {
      addressType: 'IPv4',
      ports: [{ name: 'tcp', port: 9000 }],
      // an address of the first cluster too: networks may overlap
      endpoints: [{ addresses: ['10.2.0.2'], conditions: { ready: true } }, { addresses: ['10.1.0.1'] }],
    },
  ],
  labels: [{ 'kubernetes.io/service-name': service }],
}));

/** Ways into the network of the cluster, and of the first one. */
const eastWest: Slot = {
  ...far,
  kind: 'Service',
  apiVersion: 'v1',
  namespace: 'istio-system',
  name: 'eastwest',
  variants: [[{ ip: '192.0.2.21' }], [{ ip: '192.0.2.21' }, { ip: '192.0.2.22' }]].map((ingress) => ({
    spec: { type: 'LoadBalancer', clusterIP: '10.20.0.3', selector: { app: 'gateway' }, ports: [{ name: 'tls', port: 15443 }] },
    status: { loadBalancer: { ingress } },
  })),
  labels: [{ 'topology.istio.io/network': 'n2' }, { 'topology.istio.io/network': 'n1', 'networking.istio.io/gatewayPort': '15443' }, {}],
};

/** Networks of namespaces, and whether the mesh selects them. */
const namespaces: readonly Slot[] = ['shop', 'istio-system'].map((name) => ({
  ...far,
  kind: 'Namespace',
  apiVersion: 'v1',
  namespace: '',
  name,
  variants: [{ spec: {} }],
  labels: [{ 'topology.istio.io/network': 'n2' }, { mesh: 'out' }, { mesh: 'in', 'topology.istio.io/network': 'n1' }],
}));

const node: Slot = {
  ...far,
  kind: 'Node',
  apiVersion: 'v1',
  namespace: '',
  name: 'node-0',
  variants: [{ spec: {} }],
  labels: [{ 'topology.kubernetes.io/region': 'r1', 'topology.kubernetes.io/zone': 'z9' }, { 'topology.kubernetes.io/region': 'r2' }],
};

/** What runs in the second cluster. It is part of the mesh as long as one of these stands there. */
export const clusterSlots: readonly Slot[] = [...services, pod, ...slices, eastWest, ...namespaces, node];
