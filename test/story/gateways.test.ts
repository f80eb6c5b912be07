import { beforeEach, describe, expect, it } from 'vitest';
import type { FilterChain } from '../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { DownstreamTlsContext } from '../../src/envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const gateways = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
  - { port: { number: 80, name: http, protocol: HTTP }, hosts: ['shop/*.com'] }
  - { port: { number: 81, name: other, protocol: HTTP }, hosts: ['*'] }
  - { port: { number: 443, name: tls, protocol: TLS }, hosts: ['*.com'], tls: { mode: PASSTHROUGH } }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: admin, namespace: ops }
spec:
  selector: { istio: ingressgateway }
  servers:
  - { port: { number: 8080, name: http, protocol: HTTP }, hosts: ['*'] }
`;

const services = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [a.com]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 53, name: dns, protocol: UDP }]
  endpoints: [{ address: 10.1.0.1, labels: { security.istio.io/tlsMode: istio } }, { address: 10.1.0.2 }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec:
  hosts: [b.com]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 10.1.0.3 }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: outside, namespace: shop }
spec:
  hosts: [out.com]
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 10.2.0.1 }]
`;

const http = (name: string, gateway: string, destination: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: shop }
spec: { hosts: [x.com], gateways: [${gateway}], http: [{ route: [{ destination: { host: ${destination} } }] }] }
`;
const tls = (destination: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: tls, namespace: shop }
spec:
  hosts: [x.com]
  gateways: [web]
  tls: [{ match: [{ port: 443, sniHosts: [x.com] }], route: [{ destination: { host: ${destination}, port: { number: 443 } } }] }]
`;

/** What changed for a proxy while `act` ran, by type. */
function changes(proxy: ProxyViews, act: () => void): Record<string, readonly string[]> {
  const types: readonly TypeUrlName[] = ['LDS', 'RDS'];
  const views = types.map((type) => ({ type, view: proxy.view(typeUrls[type]) }));
  const before = views.map(({ view }) => view?.revision() ?? 0);
  act();
  return Object.fromEntries(
    views.map(({ type, view }, index) => [type, [...(view?.changedSince(before[index] ?? 0) ?? ['everything'])].sort()]),
  );
}

describe('gateways', () => {
  let mesh: TextMesh;
  let proxy: ProxyViews;
  const names = (type: TypeUrlName) => [...mesh.resources(proxy, type).keys()];

  beforeEach(async () => {
    mesh = await TextMesh.create({
      config: [gateways, services, http('a', 'web', 'a.com'), http('b', 'ops/admin', 'a.com'), tls('a.com')],
    });
    expect(mesh.texts.issues).toEqual([]);
    const labels = { istio: 'ingressgateway' };
    proxy = mesh.connect({ nodeId: 'router~10.0.0.1~gw.edge~edge.svc.cluster.local', metadata: { NAMESPACE: 'edge', LABELS: labels } });
  });

  it('serves the Gateways of every namespace that select it', () => {
    expect(names('LDS')).toEqual(['0.0.0.0_443', '0.0.0.0_80', '0.0.0.0_8080', '0.0.0.0_81']);
    expect(names('RDS')).toEqual(['http.80', 'http.8080', 'http.81']);
  });

  it('a changed VirtualService touches the tables of its own Gateways, and no listener', () => {
    expect(changes(proxy, () => mesh.texts.apply(http('b', 'ops/admin', 'b.com')))).toEqual({ LDS: [], RDS: ['http.8080'] });
    expect(changes(proxy, () => mesh.texts.apply(http('a', 'web', 'b.com')))).toEqual({ LDS: [], RDS: ['http.80', 'http.81'] });
    expect(changes(proxy, () => mesh.texts.apply(http('c', 'mesh', 'b.com')))).toEqual({ LDS: [], RDS: [] });
  });

  it('a changed TLS rule touches the listener that it belongs to', () => {
    expect(changes(proxy, () => mesh.texts.apply(tls('b.com')))).toEqual({ LDS: ['0.0.0.0_443'], RDS: [] });
    expect(changes(proxy, () => mesh.texts.remove({ kind: 'VirtualService', namespace: 'shop', name: 'tls' })).LDS).toEqual([
      '0.0.0.0_443',
    ]);
    expect(names('LDS')).toEqual(['0.0.0.0_80', '0.0.0.0_8080', '0.0.0.0_81']);
  });

  it('a Gateway that goes takes its listeners and tables along', () => {
    const gone = () => mesh.texts.remove({ kind: 'Gateway', namespace: 'ops', name: 'admin' });
    expect(changes(proxy, gone)).toEqual({ LDS: ['0.0.0.0_8080'], RDS: ['http.8080'] });
  });

  it('a Gateway for other workloads changes nothing', () => {
    const other = gateways.replaceAll('ingressgateway', 'egressgateway').replaceAll('shop', 'elsewhere').replaceAll('ops', 'there');
    expect(changes(proxy, () => mesh.texts.apply(other))).toEqual({ LDS: [], RDS: [] });
  });

  it('AUTO_PASSTHROUGH comes with chains, clusters and endpoints named after server names, and goes with them', () => {
    const automatic = gateways.replace('mode: PASSTHROUGH', 'mode: AUTO_PASSTHROUGH');
    const ofServerNames = (type: TypeUrlName) => names(type).filter((name) => name.startsWith('outbound_.'));
    mesh.texts.apply(automatic);
    expect(ofServerNames('CDS')).toEqual(['outbound_.80_._.a.com', 'outbound_.80_._.b.com']);
    expect(ofServerNames('EDS')).toEqual(['outbound_.80_._.a.com', 'outbound_.80_._.b.com']);
    const addresses = JSON.stringify(mesh.resources(proxy, 'EDS').get('outbound_.80_._.a.com')).match(/10\.1\.0\.\d/g);
    expect(addresses).toEqual(['10.1.0.1']);
    const chains = mesh.resources(proxy, 'LDS').get('0.0.0.0_443')?.['filter_chains'] as { filter_chain_match: object }[];
    const protocols = ['istio', 'istio-peer-exchange', 'istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
    expect(chains.map((chain) => chain.filter_chain_match)).toEqual(
      ['a.com', 'b.com'].map((host) => ({ server_names: [`outbound_.80_._.${host}`], application_protocols: protocols })),
    );
    mesh.texts.apply(gateways);
    expect(ofServerNames('CDS')).toEqual([]);
    expect(ofServerNames('EDS')).toEqual([]);
  });

  it('an unprivileged gateway does not open ports below 1024', () => {
    const metadata = { NAMESPACE: 'edge', LABELS: { istio: 'ingressgateway' }, UNPRIVILEGED_POD: 'true' };
    proxy = mesh.connect({ nodeId: 'router~10.0.0.2~gw2.edge~edge.svc.cluster.local', metadata });
    expect(names('LDS')).toEqual(['0.0.0.0_8080']);
  });

  it.each([
    ['a provider of the mesh', 'out.com', {}, ['cert', 'outbound|8443||out.com']],
    ['a socket beside the gateway', 'out.com', { credential: 'true' }, ['sds://cert', 'sds-external']],
    ['nobody: the server is left out', 'gone.com', {}, undefined],
  ])('secrets that others serve come from %s', async (_, service, more, expected) => {
    const server = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web, namespace: shop }
spec:
  servers:
  - { port: { number: 443, name: https, protocol: HTTPS }, hosts: ['*'], tls: { mode: SIMPLE, credentialName: 'sds://cert' } }
`;
    const meshConfig = `extensionProviders: [{ name: s, sds: { name: s, service: ${service}, port: 8443 } }]`;
    mesh = await TextMesh.create({ config: [server, services], meshConfig });
    proxy = mesh.connect({ nodeId: 'router~10.0.0.1~gw.edge~edge.svc.cluster.local', metadata: { NAMESPACE: 'edge', ...more } });
    const [chain] = (mesh.resources(proxy, 'LDS').get('0.0.0.0_443')?.['filter_chains'] ?? []) as FilterChain[];
    const tls = chain?.transport_socket?.typed_config as DownstreamTlsContext | undefined;
    const [secret] = tls?.common_tls_context?.tls_certificate_sds_secret_configs ?? [];
    const cluster = secret?.sds_config?.api_config_source?.grpc_services?.[0]?.envoy_grpc?.cluster_name;
    expect(secret && [secret.name, cluster]).toEqual(expected);
  });
});
