import { describe, expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { gatewayObject, httpServer, httpsServer, passthroughServer, tcpServer } from '../../mesh/gateways/gateway-fixtures.ts';
import { mergeGateways } from '../../mesh/gateways/merge-gateways.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { testSettings, virtualService } from '../../mesh/routing/routing-fixtures.ts';
import type { GatewayScope, ProxyFeatures } from '../../mesh/scope.ts';
import { telemetryOfMesh } from '../../mesh/telemetry/telemetry-fixtures.ts';
import type { GatewayServer } from '../../schema/istio-gateway/istio-gateway.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { buildGatewayListener } from './gateway-listener.ts';
import type { GatewayWorld } from './gateway-world.ts';

const protos = loadProtos();
const features = (more: Partial<ProxyFeatures>): ProxyFeatures => ({ ...sidecarScope.features, ...more });
const scope: GatewayScope = {
  ...sidecarScope,
  role: 'router',
  workloadLabels: {},
  targets: [],
  hasCredentialSocket: false,
};
const to = (host: string, weight?: number) => ({ destination: { host, port: { number: 1 } }, ...(weight !== undefined && { weight }) });
const bound = (spec: Partial<VirtualService>, parents = '') =>
  virtualService({ hosts: ['*'], gateways: ['gw'], ...spec }, { annotations: { 'internal.istio.io/parents': parents } });

interface Options extends Partial<GatewayWorld> {
  readonly bound?: readonly ResolvedVirtualService[];
}

/** The one listener of these servers, in one Gateway. */
function build(servers: readonly GatewayServer[], { bound: virtualServices = [], ...world }: Options = {}): Listener | undefined {
  const { ports } = mergeGateways([{ gateway: gatewayObject(servers), targets: [], byLabels: true }]);
  const { bind = '', number = 0 } = ports[0] ?? {};
  const listener = buildGatewayListener(
    { bind, number, ports },
    {
      scope,
      settings: testSettings,
      observed: { telemetry: telemetryOfMesh() },
      virtualServicesOf: () => virtualServices,
      findService: () => undefined,
      findRule: () => undefined,
      services: () => [],
      externalSecrets: () => 'ours',
      ...world,
    },
  );
  if (listener !== undefined) expect(protos.check('envoy.config.listener.v3.Listener', listener)).toEqual([]);
  return listener;
}

interface NetworkFilter {
  readonly cluster?: string;
  readonly weighted_clusters?: { readonly clusters: readonly { readonly name: string; readonly weight: number }[] };
  readonly rds?: { readonly route_config_name: string };
  readonly stat_prefix?: string;
}

const summary = (listener: Listener | undefined) =>
  (listener?.filter_chains ?? []).map(({ filter_chain_match, transport_socket, filters }) => {
    const { cluster, weighted_clusters, rds, stat_prefix } = (filters?.at(-1)?.typed_config ?? {}) as NetworkFilter;
    const weighted = weighted_clusters?.clusters.map(({ name, weight }) => `${name} ${weight}`).join(', ');
    const target = rds ? `${rds.route_config_name} ${stat_prefix}` : (weighted ?? cluster);
    return `${filter_chain_match?.server_names?.join(',') ?? 'any'}${transport_socket ? ' tls' : ''} -> ${target}`;
  });
const inspectors = (listener: Listener | undefined) => (listener?.listener_filters ?? []).map(({ name }) => name?.split('.').at(-1));

describe('buildGatewayListener', () => {
  it('HTTP: one chain for all, and no need to look into the bytes', () => {
    const listener = build([httpServer, { ...httpServer, hosts: ['x.com'] }]);
    expect(summary(listener)).toEqual(['any -> http.80 outbound_0.0.0.0_80;']);
    expect(listener).toMatchObject({
      name: '0.0.0.0_80',
      address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
      traffic_direction: 'OUTBOUND',
      listener_filters: [],
    });
  });

  it('HTTPS: a chain per server for its names; the name of the server is that of its statistics', () => {
    const named = { ...httpsServer, name: 'shop', port: { ...httpsServer.port, name: 'b' }, hosts: ['ns/z.com', 'y.com'] };
    const listener = build([httpsServer, named]);
    expect(summary(listener)).toEqual([
      'a.com tls -> https.443.https.gw.default outbound_0.0.0.0_443;',
      'y.com,z.com tls -> https.443.b.gw.default shop',
    ]);
    expect(inspectors(listener)).toEqual(['tls_inspector']);
    expect(listener?.filter_chains?.[0]?.transport_socket_connect_timeout).toEqual({ seconds: '15', nanos: 0 });
  });

  it('a host that is everything asks for no name', () => {
    expect(build([{ ...httpsServer, hosts: ['*', 'a.com'] }])?.filter_chains?.[0]).not.toHaveProperty('filter_chain_match');
  });

  it('TCP follows the first rule that applies, with weights', () => {
    const rules = [
      bound({ tcp: [{ match: [{ port: 81 }], route: [to('no.com')] }] }),
      bound({ tcp: [{ route: [to('b.com', 20), to('c.com', 80)] }] }),
      bound({ tcp: [{ route: [to('late.com')] }] }),
    ];
    const listener = build([tcpServer], { bound: rules });
    expect(summary(listener)).toEqual(['any -> outbound|1||b.com 20, outbound|1||c.com 80']);
    expect(inspectors(listener)).toEqual([]);
  });

  it('TLS that is handed through follows the tls rules; a name that is taken is not taken again', () => {
    const more = { ...passthroughServer, port: { ...passthroughServer.port, name: 'more' }, hosts: ['*.com'] };
    const tls = [
      { match: [{ sniHosts: ['b.com'] }, { sniHosts: ['c.com'], port: 8443 }], route: [to('one.com')] },
      { match: [{ sniHosts: ['b.com'] }], route: [to('two.com')] },
      { match: [{ sniHosts: ['d.com', 'c.com'] }], route: [to('three.com')] },
    ];
    const listener = build([passthroughServer, more], { bound: [bound({ hosts: ['b.com'], tls })] });
    expect(summary(listener)).toEqual(['b.com -> outbound|1||one.com', 'c.com,d.com -> outbound|1||three.com']);
    expect(inspectors(listener)).toEqual(['tls_inspector']);
  });

  it('TLS that ends here follows tcp rules, and the rules of a TLSRoute', () => {
    const ending = { ...passthroughServer, tls: { mode: 'SIMPLE' as const, credentialName: 'c' } };
    const tls = [{ match: [{ sniHosts: ['b.com'] }], route: [to('tls.com')] }];
    expect(summary(build([ending], { bound: [bound({ tcp: [{ route: [to('tcp.com')] }] })] }))).toEqual([
      'b.com tls -> outbound|1||tcp.com',
    ]);
    expect(summary(build([ending], { bound: [bound({ tls }, 'TLSRoute/r.default')] }))).toEqual(['b.com tls -> outbound|1||tls.com']);
    expect(build([ending], { bound: [bound({ tls })] })).toBeUndefined();
  });

  it('a server name of two servers, written with and without a namespace, is for the first', () => {
    const named = (name: string, hosts: readonly string[]) => ({ ...httpsServer, port: { ...httpsServer.port, name }, hosts: [...hosts] });
    const routeOf = (name: string) => `https.443.${name}.gw.default outbound_0.0.0.0_443;`;
    expect(
      summary(build([named('one', ['a.com', 'b.com']), named('two', ['./b.com', 'c.com']), named('three', ['*/c.com', './a.com'])])),
    ).toEqual([`a.com,b.com tls -> ${routeOf('one')}`, `c.com tls -> ${routeOf('two')}`]);
    expect(summary(build([named('one', ['*']), named('two', ['./*'])]))).toEqual([`any tls -> ${routeOf('one')}`]);
    expect(summary(build([named('one', ['*', 'a.com']), named('two', ['./a.com']), named('three', ['./*', 'b.com'])]))).toEqual([
      `any tls -> ${routeOf('one')}`,
      `a.com tls -> ${routeOf('two')}`,
      `b.com tls -> ${routeOf('three')}`,
    ]);
    // Neither is among the other: both are sent, as Istio does, and Envoy refuses them.
    expect(summary(build([named('one', ['a/*']), named('two', ['b/*'])]))).toHaveLength(2);
  });

  it('without anything to do there is no listener', () => {
    expect(build([tcpServer])).toBeUndefined();
    expect(build([passthroughServer])).toBeUndefined();
    const ofMesh = { ...httpsServer, tls: { mode: 'ISTIO_MUTUAL' as const } };
    expect(build([ofMesh])).toBeDefined();
    expect(build([ofMesh], { scope: { ...scope, features: features({ workloadCertificates: false }) } })).toBeUndefined();
  });

  it('listens on the address that is asked for, else on all of the IP families', () => {
    const dual = { scope: { ...scope, features: features({ ipv6: true }) } };
    const flags = { ...testSettings.flags, ISTIO_DUAL_STACK: true };
    expect(build([{ ...httpServer, bind: '10.0.0.1' }], dual)?.name).toBe('10.0.0.1_80');
    expect(build([httpServer], { scope: { ...scope, features: features({ ipv4: false, ipv6: true }) } })?.name).toBe('::_80');
    expect(build([httpServer], dual)?.additional_addresses).toBeUndefined();
    expect(build([httpServer], { ...dual, settings: { ...testSettings, flags } })?.additional_addresses).toEqual([
      { address: { socket_address: { address: '::', port_value: 80 } } },
    ]);
  });

  it('takes the PROXY protocol where the topology says so', () => {
    const config = { defaultConfig: { gatewayTopology: { proxyProtocol: {} } } };
    expect(inspectors(build([httpsServer], { settings: { ...testSettings, config } }))).toEqual(['proxy_protocol', 'tls_inspector']);
  });
});
