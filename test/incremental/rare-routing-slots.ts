import { inNamespaces, networking, type Slot, spec } from './slot.ts';

const to = (host: string, more: object = {}) => ({ destination: { host, ...more } });
const web = 'web.shop.svc.cluster.local';

const virtualServices: readonly Slot[] = inNamespaces.map((namespace) => ({
  kind: 'VirtualService',
  apiVersion: networking,
  namespace,
  name: 'rare',
  variants: spec(
    {
      hosts: ['web', 'api.example.com'],
      http: [
        {
          name: 'canary',
          match: [
            { headers: { 'x-canary': { exact: 'yes' }, cookie: { regex: '.*a=b.*' } }, method: { exact: 'GET' }, port: 80 },
            { queryParams: { q: { prefix: 'a' } }, withoutHeaders: { 'x-no': {} }, ignoreUriCase: true, uri: { exact: '/Canary' } },
          ],
          route: [
            { ...to(web, { subset: 'v2' }), weight: 20, headers: { request: { set: { 'x-to': 'v2' } }, response: { remove: ['server'] } } },
            { ...to(web, { subset: 'v1', port: { number: 80 } }), weight: 80 },
          ],
          retries: { attempts: 4, perTryTimeout: '2s', retryOn: '5xx,gateway-error,503', retryRemoteLocalities: true },
          mirrors: [{ destination: { host: 'db.pay.svc.cluster.local' }, percentage: { value: 12.5 } }],
        },
        {
          match: [{ uri: { regex: '/r/.*' } }],
          rewrite: { uriRegexRewrite: { match: '/r/(.*)', rewrite: '/\\1' }, authority: 'a.example.com' },
          route: [to(web)],
        },
        { match: [{ uri: { prefix: '/d' } }], directResponse: { status: 418, body: { string: 'teapot' } } },
        {
          retries: { attempts: 0 },
          timeout: '1ms',
          route: [
            { ...to(web), weight: 0 },
            { ...to('db.shop.svc.cluster.local'), weight: 5 },
          ],
        },
      ],
    },
    {
      hosts: [web],
      exportTo: ['shop', 'istio-system'],
      http: [
        {
          match: [
            { authority: { prefix: 'web' }, scheme: { exact: 'http' }, gateways: ['mesh'] },
            { sourceLabels: { version: 'v1' }, gateways: ['shop/edge'] },
          ],
          corsPolicy: {
            allowOrigins: [{ exact: 'https://a.example.com' }, { regex: 'https://b.*' }],
            allowMethods: ['GET'],
            allowCredentials: true,
            maxAge: '1h',
          },
          fault: {
            delay: { fixedDelay: '1s', percentage: { value: 1 } },
            abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 0.5 } },
          },
          headers: {
            request: { add: { 'x-a': '1' }, set: { host: 'b.example.com' }, remove: ['x-b'] },
            response: { set: { 'x-c': '%UPSTREAM_HOST%' } },
          },
          route: [to(web)],
        },
        {
          match: [{ uri: { prefix: '/go' } }],
          redirect: { authority: 'c.example.com', scheme: 'https', derivePort: 'FROM_REQUEST_PORT', redirectCode: 308 },
        },
      ],
    },
    {
      hosts: ['tcp.example.com', 'db.shop.svc.cluster.local'],
      tcp: [
        {
          match: [{ destinationSubnets: ['10.8.1.0/24'], port: 9000 }],
          route: [
            { ...to(web, { port: { number: 80 } }), weight: 1 },
            { ...to('db.pay.svc.cluster.local'), weight: 3 },
          ],
        },
        { match: [{ sourceLabels: { app: 'web' } }], route: [to('tcp.example.com', { port: { number: 9000 } })] },
        { route: [to('db.pay.svc.cluster.local', { subset: 'v1' })] },
      ],
    },
    {
      hosts: ['api.example.com', '*.wild.example.com'],
      tls: [
        {
          match: [{ port: 443, sniHosts: ['api.example.com'] }],
          route: [
            { ...to('api.example.com', { subset: 'v1' }), weight: 40 },
            { ...to('api.example.com'), weight: 60 },
          ],
        },
        {
          match: [{ sniHosts: ['*.wild.example.com'], sourceNamespace: 'shop' }],
          route: [to('api.example.com', { port: { number: 443 } })],
        },
      ],
    },
    {
      hosts: ['*'],
      gateways: ['shop/edge', 'pay/edge', 'edge'],
      http: [
        {
          match: [{ uri: { exact: '/' }, port: 80 }, { headers: { ':authority': { exact: 'x.example.com' } } }],
          route: [to('api.example.com', { port: { number: 80 } })],
        },
        { match: [{ gateways: ['pay/edge'] }], route: [to(web, { subset: 'v1' })] },
      ],
      tcp: [{ match: [{ port: 9000, gateways: ['pay/edge'] }], route: [to('db.shop.svc.cluster.local', { port: { number: 80 } })] }],
    },
    {
      hosts: ['shop.example.com', 'tls.example.com'],
      gateways: ['shop/edge'],
      http: [
        {
          match: [{ uri: { prefix: '/leaf' } }, { uri: { prefix: '/leaf/more' }, headers: { a: { exact: 'b' } } }],
          delegate: { name: 'leaf', namespace: 'shop' },
        },
        { route: [to('nowhere.shop.svc.cluster.local')] },
      ],
    },
  ),
}));

const gateways: readonly Slot[] = ['shop', 'istio-system'].map((namespace) => ({
  kind: 'Gateway',
  apiVersion: networking,
  namespace,
  name: namespace === 'shop' ? 'rare' : 'edge',
  variants: spec(
    {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 80, name: 'http2', protocol: 'HTTP2' },
          hosts: ['shop/*.example.com', 'pay/shop.example.com', './web.shop.svc.cluster.local'],
        },
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: ['shop.example.com'],
          tls: { mode: 'MUTUAL', credentialName: 'cert', minProtocolVersion: 'TLSV1_2', cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] },
        },
      ],
    },
    {
      selector: { istio: 'ingressgateway' },
      servers: [
        { port: { number: 443, name: 'mtls', protocol: 'TLS' }, hosts: ['*.local'], tls: { mode: 'ISTIO_MUTUAL' } },
        { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['tcp.example.com'], bind: '10.3.0.1' },
        { port: { number: 80, name: 'grpc', protocol: 'GRPC' }, hosts: ['*'], bind: '10.3.0.1' },
      ],
    },
    {
      selector: {},
      servers: [
        {
          port: { number: 443, name: 'files', protocol: 'HTTPS' },
          hosts: ['tls.example.com', 'shop.example.com'],
          tls: { mode: 'SIMPLE', serverCertificate: '/s.pem', privateKey: '/k.pem' },
        },
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'], tls: { httpsRedirect: true } },
      ],
    },
    {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 443, name: 'optional', protocol: 'HTTPS' },
          hosts: ['*'],
          tls: { mode: 'OPTIONAL_MUTUAL', credentialNames: ['cert', 'cert2'], subjectAltNames: ['a.example.com'] },
        },
      ],
    },
  ),
}));

/** Routes and gateways with what is seldom written together: what it does to each other is what these are for. */
export const rareRoutingSlots: readonly Slot[] = [...virtualServices, ...gateways];
