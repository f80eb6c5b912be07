import { clusterSlots } from './cluster-slots.ts';
import { observationSlots } from './observation-slots.ts';
import { patchSlots } from './patch-slots.ts';
import { policySlots } from './policy-slots.ts';
import { rarePolicySlots } from './rare-policy-slots.ts';
import { rareRoutingSlots } from './rare-routing-slots.ts';
import { rareServiceSlots } from './rare-service-slots.ts';
import { inNamespaces, networking, type Slot, spec } from './slot.ts';

/**
 * A small world with every kind, as slots: each slot is one object, in one of several variants or absent. Names, hosts and
 * selectors overlap on purpose, so that every edit touches what others say.
 */

const kubeServices: readonly Slot[] = ['shop', 'pay'].flatMap((namespace) =>
  ['web', 'db'].map((name) => ({
    kind: 'Service',
    apiVersion: 'v1',
    namespace,
    name,
    variants: spec(
      { clusterIP: `10.0.0.${name === 'web' ? 1 : 2}`, selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      {
        clusterIP: `10.0.0.${name === 'web' ? 1 : 2}`,
        selector: { app: name },
        ports: [
          { name: 'tcp', port: 80, targetPort: 9000 },
          { name: 'grpc', port: 81 },
        ],
      },
      { clusterIP: 'None', selector: { app: name }, ports: [{ name: 'raw', port: 90 }] },
      { type: 'ExternalName', externalName: 'web.shop.svc.cluster.local', ports: [{ name: 'http', port: 80 }] },
      { clusterIP: '10.0.0.9', selector: { app: name }, internalTrafficPolicy: 'Local', ports: [{ port: 80 }] },
    ),
    annotations: [{}, { 'networking.istio.io/exportTo': '.' }, { 'networking.istio.io/exportTo': 'istio-system,pay' }],
  })),
);

const pods: readonly Slot[] = ['shop', 'pay'].flatMap((namespace) =>
  ['one', 'two'].map((name, index) => ({
    kind: 'Pod',
    apiVersion: 'v1',
    namespace,
    name,
    variants: [true, false].map((ready) => ({
      spec: {
        nodeName: `node-${index}`,
        serviceAccountName: name,
        containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }],
      },
      status: {
        phase: 'Running',
        podIP: `10.1.${namespace === 'shop' ? 0 : 1}.${index + 1}`,
        podIPs: [{ ip: `10.1.${namespace === 'shop' ? 0 : 1}.${index + 1}` }],
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    })),
    labels: [
      { app: 'web', version: 'v1', 'security.istio.io/tlsMode': 'istio' },
      { app: 'web', version: 'v2', 'topology.istio.io/network': 'n2' },
      { app: 'db', version: 'v1', 'security.istio.io/tlsMode': 'istio', 'topology.istio.io/network': 'n2' },
    ],
  })),
);

/** Where the MeshConfig selects namespaces, those that are not described or labelled otherwise give nothing. */
const namespaces: readonly Slot[] = inNamespaces.map((name) => ({
  kind: 'Namespace',
  apiVersion: 'v1',
  namespace: '',
  name,
  variants: [{ spec: {} }],
  labels: [{ 'istio.io/rev': 'default' }, { mesh: 'out', 'topology.istio.io/network': 'n1' }, { mesh: 'in' }],
}));

/** A way into another network, by label. */
const eastWest: Slot = {
  kind: 'Service',
  apiVersion: 'v1',
  namespace: 'istio-system',
  name: 'eastwest',
  variants: ['192.0.2.1', '192.0.2.2'].map((ip) => ({
    spec: { type: 'LoadBalancer', clusterIP: '10.0.0.3', selector: { app: 'gateway' }, ports: [{ name: 'tls', port: 15443 }] },
    status: { loadBalancer: { ingress: ip === '192.0.2.1' ? [{ ip }] : [{ ip }, { ip: '192.0.2.3' }] } },
  })),
  labels: [{ 'topology.istio.io/network': 'n2' }, { 'topology.istio.io/network': 'n1', 'networking.istio.io/gatewayPort': '443' }, {}],
};

const nodes: readonly Slot[] = [0, 1].map((index) => ({
  kind: 'Node',
  apiVersion: 'v1',
  namespace: '',
  name: `node-${index}`,
  variants: [{ spec: {} }],
  labels: [
    { 'topology.kubernetes.io/region': 'r1', 'topology.kubernetes.io/zone': `z${index}` },
    { 'topology.kubernetes.io/region': 'r2' },
  ],
}));

const slices: readonly Slot[] = ['web', 'db'].map((service) => ({
  kind: 'EndpointSlice',
  apiVersion: 'discovery.k8s.io/v1',
  namespace: 'shop',
  name: `${service}-1`,
  variants: [
    {
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'one', namespace: 'shop' } }],
    },
    {
      addressType: 'IPv4',
      ports: [{ name: 'tcp', port: 9000 }],
      endpoints: [{ addresses: ['10.1.0.2'], conditions: { ready: false } }, { addresses: ['10.9.9.9'] }],
    },
  ],
  labels: [{ 'kubernetes.io/service-name': service }],
}));

const serviceEntries: readonly Slot[] = inNamespaces.flatMap((namespace) =>
  ['ext', 'cidr'].map((name) => ({
    kind: 'ServiceEntry',
    apiVersion: networking,
    namespace,
    name,
    variants: spec(
      {
        hosts: ['api.example.com'],
        ports: [
          { number: 443, name: 'tls', protocol: 'TLS' },
          { number: 80, name: 'http', protocol: 'HTTP' },
        ],
        resolution: 'DNS',
        location: 'MESH_EXTERNAL',
      },
      {
        hosts: ['api.example.com', 'other.example.com'],
        exportTo: ['.'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        endpoints: [
          { address: '10.7.0.1', labels: { version: 'v1' } },
          { address: '10.7.0.2', labels: { version: 'v2' }, locality: 'r1/z1' },
        ],
      },
      {
        hosts: ['web.shop.svc.cluster.local'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        resolution: 'STATIC',
        workloadSelector: { labels: { app: 'web' } },
        location: 'MESH_INTERNAL',
      },
      {
        hosts: ['tcp.example.com'],
        addresses: ['10.8.0.0/16'],
        ports: [{ number: 9000, name: 'tcp', protocol: 'TCP' }],
        resolution: 'NONE',
      },
      {
        hosts: ['*.wild.example.com'],
        ports: [
          { number: 80, name: 'http', protocol: 'HTTP' },
          { number: 8080, name: 'auto' },
        ],
        resolution: 'NONE',
      },
    ),
  })),
);

const workloadEntries: readonly Slot[] = ['shop', 'pay'].map((namespace) => ({
  kind: 'WorkloadEntry',
  apiVersion: networking,
  namespace,
  name: 'vm',
  variants: spec(
    { address: '10.6.0.1', labels: { app: 'web', version: 'v2' }, serviceAccount: 'vm', locality: 'r2/z9' },
    { address: '10.6.0.2', labels: { app: 'db' }, weight: 5 },
  ),
}));

const backend = (port: object) => ({ service: { name: 'web', port } });

/** Two that say something of one host, of a class that comes and goes. */
const ingresses: readonly Slot[] = [
  ...['shop', 'pay'].map((namespace) => ({
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    namespace,
    name: 'in',
    variants: spec(
      {
        ingressClassName: 'mesh',
        rules: [{ host: 'in.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: backend({ number: 80 }) }] } }],
      },
      {
        rules: [
          { host: 'in.example.com', http: { paths: [{ path: '/a', pathType: 'Exact', backend: backend({ name: 'http' }) }] } },
          { host: 'two.example.com', http: { paths: [{ path: '/b/*', backend: backend({ number: 81 }) }] } },
        ],
      },
    ),
    annotations: [{ 'kubernetes.io/ingress.class': 'istio' }, {}, { 'kubernetes.io/ingress.class': 'other' }],
  })),
  {
    kind: 'IngressClass',
    apiVersion: 'networking.k8s.io/v1',
    namespace: '',
    name: 'mesh',
    variants: [{ spec: { controller: 'istio.io/ingress-controller' } }],
  },
];

/** Kinds whose meaning is not generated yet: they must change nothing, and break nothing. */
const others: readonly Slot[] = [
  {
    kind: 'AuthorizationPolicy',
    apiVersion: 'security.istio.io/v1',
    namespace: 'shop',
    name: 'deny',
    variants: spec({ action: 'DENY', rules: [{ to: [{ operation: { paths: ['/admin'] } }] }] }),
  },
  {
    kind: 'RequestAuthentication',
    apiVersion: 'security.istio.io/v1',
    namespace: 'shop',
    name: 'jwt',
    variants: spec({ jwtRules: [{ issuer: 'me', jwks: '{"keys":[]}' }] }),
  },
  { kind: 'WorkloadGroup', apiVersion: networking, namespace: 'shop', name: 'vms', variants: spec({ template: { serviceAccount: 'vm' } }) },
  {
    kind: 'HTTPRoute',
    apiVersion: 'gateway.networking.k8s.io/v1',
    namespace: 'shop',
    name: 'r',
    variants: spec({ parentRefs: [{ name: 'g' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] }),
  },
];

/** One service of two clusters with what runs behind it and a ServiceEntry beside it, and the ways between their networks. */
export const groundSlots: ReadonlySet<Slot> = new Set([
  ...[...kubeServices, ...pods, ...slices, ...rareServiceSlots].filter(
    ({ namespace, name }) => namespace === 'shop' && /^(?:web|one|apart)/.test(name),
  ),
  eastWest,
  ...clusterSlots,
]);

export const slots: readonly Slot[] = [
  ...kubeServices,
  ...namespaces,
  ...pods,
  eastWest,
  ...nodes,
  ...slices,
  ...serviceEntries,
  ...workloadEntries,
  ...policySlots,
  ...rareRoutingSlots,
  ...rarePolicySlots,
  ...rareServiceSlots,
  ...patchSlots,
  ...ingresses,
  ...observationSlots,
  ...others,
  ...clusterSlots,
];
