import { inNamespaces, networking, type Slot, spec } from './slot.ts';

const serviceEntries: readonly Slot[] = inNamespaces.map((namespace) => ({
  kind: 'ServiceEntry',
  apiVersion: networking,
  namespace,
  name: 'rare',
  variants: spec(
    {
      hosts: ['round.example.com'],
      addresses: ['10.8.9.1', '10.8.9.2'],
      ports: [
        { number: 9000, name: 'tcp', protocol: 'TCP', targetPort: 9001 },
        { number: 443, name: 'https', protocol: 'HTTPS' },
      ],
      resolution: 'DNS_ROUND_ROBIN',
      endpoints: [{ address: 'one.example.com', ports: { tcp: 9100 } }],
    },
    {
      hosts: ['db.shop.svc.cluster.local'],
      ports: [
        { number: 81, name: 'grpc', protocol: 'GRPC' },
        { number: 9001, name: 'mongo', protocol: 'MONGO' },
      ],
      resolution: 'STATIC',
      location: 'MESH_INTERNAL',
      subjectAltNames: ['spiffe://cluster.local/ns/x/sa/y'],
      endpoints: [
        {
          address: '10.7.1.1',
          ports: { grpc: 8181 },
          weight: 3,
          locality: 'r2/z1',
          labels: { 'security.istio.io/tlsMode': 'istio', version: 'v1' },
          serviceAccount: 'db',
        },
        { address: '10.7.1.2', network: 'n2', labels: { version: 'v2' } },
      ],
    },
    {
      hosts: ['api.example.com'],
      exportTo: ['other', '.'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 8080, name: 'proxy', protocol: 'HTTP2' },
      ],
      resolution: 'DNS',
      endpoints: [
        { address: 'eu.example.com', locality: 'r1/z1', weight: 2 },
        { address: 'us.example.com', locality: 'r2', labels: { version: 'v1' } },
      ],
    },
    {
      hosts: ['*.dyn.example.com'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 443, name: 'tls', protocol: 'TLS' },
      ],
      resolution: 'DYNAMIC_DNS',
    },
    {
      hosts: ['vms.example.com'],
      addresses: ['10.8.0.5'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 },
        { number: 3306, name: 'mysql', protocol: 'MySQL' },
      ],
      resolution: 'STATIC',
      location: 'MESH_INTERNAL',
      workloadSelector: { labels: { app: 'db' } },
    },
    {
      hosts: ['socket.example.com'],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: 'unix:///var/run/x.sock' }],
    },
  ),
}));

/** What others have in the same namespace, for those to whom theirs are not exported. */
const apart: readonly Slot[] = ['shop', 'pay'].map((namespace) => ({
  kind: 'ServiceEntry',
  apiVersion: networking,
  namespace,
  name: 'apart',
  variants: spec(
    {
      hosts: ['web.shop.svc.cluster.local', 'db.shop.svc.cluster.local'],
      exportTo: ['pay'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 81, name: 'grpc', protocol: 'GRPC' },
      ],
      resolution: 'STATIC',
      endpoints: [{ address: '10.7.2.2' }],
    },
    {
      hosts: ['api.example.com'],
      exportTo: ['istio-system', namespace === 'shop' ? 'pay' : 'shop'],
      ports: [
        { number: 80, name: 'http', protocol: 'HTTP' },
        { number: 8081, name: 'grpc', protocol: 'GRPC' },
      ],
      resolution: 'DNS',
      endpoints: [{ address: 'apart.example.com', labels: { version: 'v1' } }],
    },
    {
      hosts: ['web.shop.svc.cluster.local', 'db.shop.svc.cluster.local'],
      exportTo: ['.'],
      ports: [{ number: 80, name: 'http-web', protocol: 'HTTP' }],
      resolution: 'STATIC',
      location: 'MESH_INTERNAL',
      subjectAltNames: ['spiffe://cluster.local/ns/x/sa/apart'],
      endpoints: [{ address: '10.7.2.1', labels: { version: 'v2' } }],
    },
    { hosts: ['api.example.com'], exportTo: ['istio-system'], ports: [{ number: 443, name: 'other', protocol: 'TLS' }], resolution: 'DNS' },
  ),
}));

const services: readonly Slot[] = ['shop', 'istio-system'].map((namespace) => ({
  kind: 'Service',
  apiVersion: 'v1',
  namespace,
  name: 'rare',
  variants: spec(
    {
      clusterIP: '10.0.1.1',
      selector: { app: 'web' },
      ports: [
        { name: 'a', port: 80, appProtocol: 'http2', targetPort: 8080 },
        { name: 'mongo-b', port: 9000, targetPort: 8080 },
        { name: 'tls-c', port: 443 },
      ],
    },
    {
      clusterIP: 'None',
      selector: { app: 'db' },
      ports: [
        { name: 'http', port: 80, targetPort: 'http' },
        { name: 'tcp-x', port: 9000 },
      ],
    },
    {
      clusterIP: '10.0.1.2',
      publishNotReadyAddresses: true,
      selector: { app: 'web', version: 'v2' },
      ports: [
        { name: 'grpc-web-a', port: 80, targetPort: 'http' },
        { name: 'udp', port: 53, protocol: 'UDP' },
      ],
    },
    {
      type: 'LoadBalancer',
      clusterIP: '10.0.1.3',
      selector: { istio: 'ingressgateway' },
      externalIPs: ['192.0.2.50'],
      ports: [
        { name: 'http2', port: 80, targetPort: 8080, nodePort: 30080 },
        { name: 'https', port: 443, targetPort: 8443 },
      ],
    },
    { type: 'ExternalName', externalName: 'db.shop.svc.cluster.local' },
    { clusterIP: 'None', ports: [{ name: 'https-x', port: 443 }, { port: 9200 }] },
  ),
  labels: [{}, { 'istio.io/persistent-session': 'cookie:/path' }, { 'networking.istio.io/traffic-distribution': 'PreferClose' }],
  annotations: [
    {},
    { 'networking.istio.io/exportTo': '~' },
    { 'networking.istio.io/traffic-distribution': 'PreferSameZone', 'networking.istio.io/exportTo': 'shop' },
  ],
}));

/** Services of rare kinds, some of which claim hosts and ports of others. */
export const rareServiceSlots: readonly Slot[] = [...serviceEntries, ...apart, ...services];
