import { inNamespaces, networking, type Slot, spec } from './slot.ts';

const web = 'web.shop.svc.cluster.local';

const destinationRules: readonly Slot[] = inNamespaces.map((namespace) => ({
  kind: 'DestinationRule',
  apiVersion: networking,
  namespace,
  name: 'rare',
  variants: spec(
    {
      host: web,
      exportTo: [namespace, 'other'],
      trafficPolicy: {
        connectionPool: {
          tcp: { connectTimeout: '1s', tcpKeepalive: { time: '7s', probes: 3 }, maxConnectionDuration: '1h', idleTimeout: '3m' },
          http: {
            h2UpgradePolicy: 'UPGRADE',
            maxRequestsPerConnection: 3,
            maxRetries: 2,
            idleTimeout: '9s',
            http2MaxRequests: 30,
            http1MaxPendingRequests: 4,
          },
        },
        loadBalancer: { simple: 'LEAST_REQUEST', warmup: { duration: '30s', minimumPercent: 20, aggression: 1.5 } },
        portLevelSettings: [
          {
            port: { number: 80 },
            loadBalancer: { simple: 'RANDOM' },
            outlierDetection: { consecutiveGatewayErrors: 0, minHealthPercent: 30 },
          },
        ],
      },
      subsets: [
        {
          name: 'v1',
          labels: { version: 'v1' },
          trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }], tls: { mode: 'ISTIO_MUTUAL' } },
        },
        {
          name: 'v2',
          labels: { version: 'v2', app: 'web' },
          trafficPolicy: { loadBalancer: { consistentHash: { httpCookie: { name: 'c', ttl: '60s' }, maglev: { tableSize: 101 } } } },
        },
      ],
    },
    {
      host: 'db',
      trafficPolicy: {
        loadBalancer: { consistentHash: { useSourceIp: true, ringHash: { minimumRingSize: 64 } } },
        connectionPool: { http: { useClientProtocol: true, maxConcurrentStreams: 7 } },
        outlierDetection: {
          splitExternalLocalOriginErrors: true,
          consecutiveLocalOriginFailures: 4,
          interval: '2s',
          baseEjectionTime: '5s',
          maxEjectionPercent: 50,
        },
      },
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    },
    {
      host: 'api.example.com',
      trafficPolicy: {
        tls: { mode: 'SIMPLE', sni: 'api.example.com', subjectAltNames: ['a.example.com'], insecureSkipVerify: false },
        connectionPool: { http: { h2UpgradePolicy: 'DO_NOT_UPGRADE' } },
      },
      subsets: [
        {
          name: 'v1',
          labels: {},
          trafficPolicy: { tls: { mode: 'MUTUAL', clientCertificate: '/c.pem', privateKey: '/k.pem', caCertificates: '/ca.pem' } },
        },
      ],
    },
    {
      host: '*.svc.cluster.local',
      trafficPolicy: {
        loadBalancer: { localityLbSetting: { failover: [{ from: 'r1', to: 'r2' }] } },
        outlierDetection: { consecutive5xxErrors: 0 },
        proxyProtocol: { version: 'V2' },
      },
    },
    { host: 'tcp.example.com', trafficPolicy: { tunnel: { protocol: 'CONNECT', targetHost: 'far.example.com', targetPort: 9000 } } },
    {
      host: web,
      workloadSelector: { matchLabels: { version: 'v1' } },
      trafficPolicy: { tls: { mode: 'SIMPLE', credentialName: 'client-cert' } },
      subsets: [{ name: 'v9', labels: { version: 'v9' } }],
    },
  ),
}));

const sidecars: readonly Slot[] = ['shop', 'pay'].map((namespace) => ({
  kind: 'Sidecar',
  apiVersion: networking,
  namespace,
  name: 'rare',
  variants: spec(
    {
      egress: [
        { port: { number: 15_080, protocol: 'HTTP_PROXY', name: 'proxy' }, bind: '127.0.0.1', hosts: ['*/*'] },
        { hosts: ['./*', 'shop/web.shop.svc.cluster.local'] },
      ],
    },
    {
      egress: [
        {
          port: { number: 9000, protocol: 'TCP', name: 'tcp' },
          bind: '127.0.0.2',
          captureMode: 'NONE',
          hosts: ['*/tcp.example.com', '*/*.shop.svc.cluster.local'],
        },
        { hosts: ['*/*.example.com'] },
      ],
    },
    {
      workloadSelector: { labels: { version: 'v1' } },
      outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'api.example.com', port: { number: 443 } } },
      ingress: [
        {
          port: { number: 8080, protocol: 'GRPC', name: 'grpc' },
          defaultEndpoint: 'unix:///app.sock',
          connectionPool: { http: { http2MaxRequests: 9 } },
        },
        {
          port: { number: 9443, protocol: 'HTTPS', name: 'https' },
          defaultEndpoint: '127.0.0.1:8443',
          tls: { mode: 'SIMPLE', serverCertificate: '/s.pem', privateKey: '/k.pem' },
        },
      ],
      inboundConnectionPool: { tcp: { maxConnections: 5 } },
    },
    {
      egress: [
        { hosts: ['*/web.shop.svc.cluster.local', '*/api.example.com'] },
        { port: { number: 80, protocol: 'HTTP', name: 'http' }, hosts: ['shop/*'] },
      ].reverse(),
    },
    { egress: [{ hosts: ['~/*'] }] },
  ),
}));

/** Further contents of the mesh's ConfigMap. */
export const rareSettings: Slot['variants'] = [
  {
    h2UpgradePolicy: 'UPGRADE',
    protocolDetectionTimeout: '2s',
    tcpKeepalive: { time: '10s' },
    dnsRefreshRate: '7s',
    enablePrometheusMerge: false,
  },
  {
    defaultDestinationRuleExportTo: ['.'],
    defaultVirtualServiceExportTo: ['.'],
    pathNormalization: { normalization: 'MERGE_SLASHES' },
    trustDomain: 'mesh.example',
    trustDomainAliases: ['old.example'],
  },
  {
    defaultHttpRetryPolicy: { attempts: 5, retryOn: 'reset' },
    verifyCertificateAtClient: false,
    inboundTrafficPolicy: { mode: 'LOCALHOST' },
    serviceSettings: [{ settings: { clusterLocal: true }, hosts: ['*.pay.svc.cluster.local'] }],
  },
  {
    outboundClusterStatName: '%SERVICE_FQDN%_%SERVICE_PORT%',
    inboundClusterStatName: '%SERVICE%_%SERVICE_PORT_NAME%',
    meshMTLS: { minProtocolVersion: 'TLSV1_3' },
    tlsDefaults: { minProtocolVersion: 'TLSV1_2', ecdhCurves: ['P-256'] },
    proxyHttpPort: 15_081,
  },
  {
    defaultConfig: {
      gatewayTopology: { numTrustedProxies: 2, forwardClientCertDetails: 'SANITIZE_SET' },
      proxyHeaders: { server: { disabled: true }, requestId: { disabled: true } },
      holdApplicationUntilProxyStarts: true,
    },
  },
].map((settings) => ({ data: { mesh: JSON.stringify(settings) } }));

/** DestinationRules, Sidecars and settings of the mesh with what is seldom written together. */
export const rarePolicySlots: readonly Slot[] = [...destinationRules, ...sidecars];
