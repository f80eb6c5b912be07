import { observationSettings } from './observation-slots.ts';
import { rareSettings } from './rare-policy-slots.ts';
import { inNamespaces, networking, type Slot, spec } from './slot.ts';

const route = (host: string, subset?: string, weight?: number) => ({
  destination: { host, ...(subset && { subset }) },
  ...(weight !== undefined && { weight }),
});

const virtualServices: readonly Slot[] = inNamespaces.flatMap((namespace) =>
  ['a', 'b'].map((name) => ({
    kind: 'VirtualService',
    apiVersion: networking,
    namespace,
    name,
    variants: spec(
      {
        hosts: ['web.shop.svc.cluster.local'],
        http: [{ route: [route('web.shop.svc.cluster.local', 'v1', 70), route('web.shop.svc.cluster.local', 'v2', 30)], timeout: '3s' }],
      },
      {
        hosts: ['web.shop.svc.cluster.local', 'nowhere.example.com'],
        exportTo: ['.'],
        http: [
          {
            match: [{ uri: { prefix: '/x' }, sourceLabels: { app: 'web' } }],
            rewrite: { uri: '/' },
            route: [route('db.pay.svc.cluster.local')],
          },
        ],
      },
      {
        hosts: ['*.example.com'],
        http: [{ match: [{ sourceNamespace: 'pay' }], redirect: { uri: '/r' } }, { route: [route('api.example.com')] }],
      },
      {
        hosts: ['db', '*.svc.cluster.local'],
        tcp: [{ match: [{ port: 80 }], route: [route('web.shop.svc.cluster.local')] }],
        http: [{ fault: { abort: { httpStatus: 503, percentage: { value: 10 } } }, route: [route('db.shop.svc.cluster.local')] }],
      },
      {
        hosts: ['shop.example.com'],
        gateways: ['shop/edge', 'mesh'],
        http: [{ route: [route('web.shop.svc.cluster.local')] }, { delegate: { name: 'leaf', namespace: 'shop' } }],
      },
      {
        hosts: ['tls.example.com'],
        gateways: ['shop/edge'],
        tls: [{ match: [{ port: 443, sniHosts: ['tls.example.com'] }], route: [route('api.example.com')] }],
      },
    ),
  })),
);

const leaf: Slot = {
  kind: 'VirtualService',
  apiVersion: networking,
  namespace: 'shop',
  name: 'leaf',
  variants: spec(
    { http: [{ match: [{ uri: { prefix: '/leaf' } }], route: [route('db.shop.svc.cluster.local')] }] },
    { exportTo: ['.'], http: [{ route: [route('db.pay.svc.cluster.local')] }] },
  ),
};

const destinationRules: readonly Slot[] = inNamespaces.flatMap((namespace) =>
  ['a', 'b'].map((name) => ({
    kind: 'DestinationRule',
    apiVersion: networking,
    namespace,
    name,
    variants: spec(
      {
        host: 'web.shop.svc.cluster.local',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { connectionPool: { tcp: { maxConnections: 5 } } } },
        ],
      },
      {
        host: '*.shop.svc.cluster.local',
        exportTo: ['.'],
        trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } },
      },
      {
        host: 'web.shop.svc.cluster.local',
        workloadSelector: { matchLabels: { app: 'web' } },
        trafficPolicy: { tls: { mode: 'DISABLE' } },
      },
      {
        host: '*.example.com',
        trafficPolicy: {
          outlierDetection: { consecutive5xxErrors: 3 },
          portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'SIMPLE', sni: 'x.example.com' } }],
        },
      },
      {
        host: '*.local',
        trafficPolicy: {
          outlierDetection: { consecutive5xxErrors: 3 },
          loadBalancer: { localityLbSetting: { failoverPriority: ['version', 'app=web', 'kubernetes.io/hostname'] } },
        },
      },
      {
        host: '*.example.com',
        trafficPolicy: { loadBalancer: { zoneAwareLbSetting: { failoverPriority: ['app'], minClusterSize: 2 } } },
      },
      {
        host: '*.local',
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          loadBalancer: {
            simple: 'ROUND_ROBIN',
            localityLbSetting: { enabled: true, distribute: [{ from: 'r1/*', to: { 'r1/*': 80, 'r2/*': 20 } }] },
          },
        },
      },
    ),
  })),
);

const sidecars: readonly Slot[] = [
  {
    kind: 'Sidecar',
    apiVersion: networking,
    namespace: 'shop',
    name: 'all',
    variants: spec(
      { egress: [{ hosts: ['./*', 'istio-system/*'] }] },
      { egress: [{ hosts: ['*/web.shop.svc.cluster.local'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      { egress: [{ hosts: ['*/*'] }] },
    ),
  },
  {
    kind: 'Sidecar',
    apiVersion: networking,
    namespace: 'shop',
    name: 'web-only',
    variants: spec({
      workloadSelector: { labels: { app: 'web' } },
      egress: [{ port: { number: 80, protocol: 'HTTP', name: 'http' }, hosts: ['*/*'] }, { hosts: ['~pay/*', '*/*'] }],
      ingress: [{ port: { number: 7000, protocol: 'HTTP', name: 'in' }, defaultEndpoint: '127.0.0.1:8080' }],
    }),
  },
  {
    kind: 'Sidecar',
    apiVersion: networking,
    namespace: 'istio-system',
    name: 'root',
    variants: spec({ egress: [{ hosts: ['./*', 'shop/*'] }] }, { inboundConnectionPool: { tcp: { maxConnections: 7 } } }),
  },
];

const gateways: readonly Slot[] = [
  {
    kind: 'Gateway',
    apiVersion: networking,
    namespace: 'shop',
    name: 'edge',
    variants: spec(
      { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
      {
        selector: { istio: 'ingressgateway' },
        servers: [
          { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'], tls: { httpsRedirect: true } },
          { port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: ['tls.example.com'], tls: { mode: 'PASSTHROUGH' } },
        ],
      },
      {
        selector: { istio: 'ingressgateway' },
        servers: [
          { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['./*'], tls: { mode: 'SIMPLE', credentialName: 'cert' } },
          { port: { number: 15_443, name: 'sni', protocol: 'TLS' }, hosts: ['*.local'], tls: { mode: 'AUTO_PASSTHROUGH' } },
        ],
      },
    ),
  },
  {
    kind: 'Gateway',
    apiVersion: networking,
    namespace: 'pay',
    name: 'edge',
    variants: spec(
      { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] }] },
      { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] }] },
    ),
  },
];

const peerAuthentications: readonly Slot[] = inNamespaces.map((namespace) => ({
  kind: 'PeerAuthentication',
  apiVersion: 'security.istio.io/v1',
  namespace,
  name: 'default',
  variants: spec(
    { mtls: { mode: 'STRICT' } },
    { mtls: { mode: 'DISABLE' } },
    { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'PERMISSIVE' }, portLevelMtls: { '8080': { mode: 'DISABLE' } } },
  ),
}));

const meshConfig: Slot = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  namespace: 'istio-system',
  name: 'istio',
  variants: [
    {
      data: {
        mesh: 'outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n',
        meshNetworks: 'networks: {n2: {gateways: [{address: 192.0.2.7, port: 443}]}}',
      },
    },
    {
      data: {
        mesh: 'accessLogFile: /dev/stdout\ndefaultServiceExportTo: ["."]\n',
        meshNetworks: 'networks: {n3: {endpoints: [{fromCidr: 10.1.1.0/24}]}}',
      },
    },
    { data: { mesh: 'localityLbSetting:\n  failoverPriority: [version]\noutboundTrafficPolicy:\n  mode: ALLOW_ANY_DYNAMIC_DNS\n' } },
    { data: { mesh: 'enableAutoMtls: false\nconnectTimeout: 3s\nlocalityLbSetting:\n  enabled: false\n' } },
    { data: { mesh: 'discoverySelectors:\n  - matchExpressions: [{key: mesh, operator: NotIn, values: [out]}]\n' } },
    {
      data: {
        mesh: '{}',
        meshNetworks:
          'networks: {n2: {endpoints: [{fromRegistry: far}], gateways: [{registryServiceName: eastwest.istio-system.svc.cluster.local, port: 15443}]}}',
      },
    },
    ...observationSettings,
    ...rareSettings,
  ],
};

/** What users say about traffic. */
export const policySlots: readonly Slot[] = [
  ...virtualServices,
  leaf,
  ...destinationRules,
  ...sidecars,
  ...gateways,
  ...peerAuthentications,
  meshConfig,
];
