import { describe, expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { virtualService } from '../../mesh/routing/routing-fixtures.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { effectiveRule, service } from '../routes/route-fixtures.ts';
import { describeChain, outboundContext, outboundWorld, settingsWith } from './listener-fixtures.ts';
import type { OutboundEntry, OutboundWorld } from './outbound-entry.ts';
import { buildOutboundListener } from './outbound-listener.ts';

const protos = loadProtos();
const wildcard = '0.0.0.0';
const vip = '10.0.0.1';

function entry(hostname: string, protocol: Protocol, more: Partial<OutboundEntry> = {}, of: Partial<Service> = {}): OutboundEntry {
  const port = { number: 8000, name: 'p', protocol };
  return {
    bind: more.bind ?? (protocol.startsWith('HTTP') && protocol !== 'HTTPS' ? wildcard : vip),
    extraBinds: [],
    port,
    bindToPort: false,
    cidrs: [],
    isPodAddress: false,
    isExplicit: false,
    service: service(hostname, { 8000: protocol }, of),
    virtualServices: [],
    rule: undefined,
    ...more,
  };
}

function build(entries: readonly OutboundEntry[], world: Partial<OutboundWorld> = {}): Listener | undefined {
  const listener = buildOutboundListener(entries, outboundWorld(world));
  if (listener !== undefined) expect(protos.check('envoy.config.listener.v3.Listener', listener)).toEqual([]);
  return listener;
}

function chains(entries: readonly OutboundEntry[], world: Partial<OutboundWorld> = {}): readonly string[] {
  const listener = build(entries, world);
  const fallback = listener?.default_filter_chain;
  return [...(listener?.filter_chains ?? []).map(describeChain), ...(fallback ? [`else ${describeChain(fallback)}`] : [])];
}

const inspectors = (entries: readonly OutboundEntry[]) =>
  (build(entries)?.listener_filters ?? []).map(({ name }) => name?.replace('envoy.filters.listener.', ''));
const through = 'else PassthroughFilterChain: any -> PassthroughCluster';
const sniffed = (routes: string) => `raw_buffer, http/1.1 h2c -> http ${routes}`;
const to = (host: string) => `outbound|8000||${host}`;

describe('an outbound listener', () => {
  it('of HTTP services sniffs, so that other traffic on the port goes on', () => {
    const http = entry('a.com', 'HTTP');
    const listener = build([http, entry('b.com', 'GRPC', { bind: wildcard })]);
    expect(listener).toMatchObject({
      name: '0.0.0.0_8000',
      address: { socket_address: { address: wildcard, port_value: 8000 } },
      traffic_direction: 'OUTBOUND',
      continue_on_listener_filters_timeout: true,
      bind_to_port: { value: false },
      listener_filters_timeout: { seconds: '0', nanos: 0 },
    });
    expect(listener).not.toHaveProperty('max_connections_to_accept_per_socket_event');
    expect(chains([http, entry('b.com', 'GRPC', { bind: wildcard })])).toEqual([sniffed('8000'), through]);
    expect(inspectors([http])).toEqual(['http_inspector']);
    expect(listener?.filter_chains?.[0]?.filters?.[0]?.typed_config).toMatchObject({ stat_prefix: 'outbound_0.0.0.0_8000;' });
    expect(listener?.filter_chains?.[0]?.transport_socket_connect_timeout).toEqual({ seconds: '15', nanos: 0 });
  });

  it('of HTTP on an address of its own does not', () => {
    expect(chains([entry('a.com', 'HTTP', { bind: '127.0.0.1', bindToPort: true })])).toEqual(['any -> http 8000']);
    expect(build([entry('a.com', 'HTTP', { bind: '127.0.0.1', bindToPort: true })])).toMatchObject({
      max_connections_to_accept_per_socket_event: { value: 1 },
    });
  });

  it('of a Unix domain socket has its path for a route table', () => {
    const socket = { bind: 'unix:///tmp/s', bindToPort: true, port: { number: 0, name: 'p', protocol: 'HTTP' } } as const;
    expect(build([entry('a.com', 'HTTP', socket)])).toMatchObject({ name: 'unix:///tmp/s_0', address: { pipe: { path: '/tmp/s' } } });
    expect(chains([entry('a.com', 'HTTP', socket)])).toEqual(['any -> http unix:///tmp/s']);
  });

  it('of TCP is its cluster alone', () => {
    expect(chains([entry('a.com', 'TCP')])).toEqual([`any -> ${to('a.com')}`]);
    expect(inspectors([entry('a.com', 'TCP')])).toEqual([]);
  });

  it('of what must be sniffed has a table of its own, unless it shares the address', () => {
    expect(chains([entry('a.com', 'Auto')])).toEqual([sniffed('a.com:8000'), `else any -> ${to('a.com')}`]);
    expect(chains([entry('a.com', 'Auto', { bind: wildcard })])).toEqual([sniffed('8000'), `else any -> ${to('a.com')}`]);
  });

  it('of TLS asks for server names where the address does not tell services apart', () => {
    expect(chains([entry('a.com', 'TLS')])).toEqual([`any -> ${to('a.com')}`]);
    const shared = { bind: wildcard, aliases: ['b.com'] };
    expect(chains([entry('a.com', 'TLS', shared, { addresses: [] })])).toEqual([`for a.com b.com b.com. -> ${to('a.com')}`, through]);
    expect(inspectors([entry('a.com', 'TLS', shared, { addresses: [] })])).toEqual(['tls_inspector']);
    const cidrs = ['10.1.0.0/16'];
    expect(chains([entry('a.com', 'HTTPS', { bind: wildcard, cidrs })])).toEqual([`to 10.1.0.0/16, for a.com -> ${to('a.com')}`, through]);
    const pod = { bind: wildcard, cidrs: ['10.1.1.2'], isPodAddress: true };
    expect(chains([entry('a.com', 'TLS', pod, { addresses: [] })])).toEqual([`to 10.1.1.2/32 -> ${to('a.com')}`, through]);
  });

  it('of a wildcard host resolves the server name', () => {
    const any = entry('*.a.com', 'TLS', {}, { resolution: 'DynamicDNS' });
    expect(build([any])?.filter_chains?.[0]?.filters?.[0]).toMatchObject({
      name: 'envoy.extensions.filters.network.sni_dynamic_forward_proxy',
      typed_config: { dns_cache_config: { name: '*.a.com_dfp_dns_cache' }, port_value: 8000 },
    });
    const http = build([entry('*.a.com', 'HTTP', {}, { resolution: 'DynamicDNS' })])?.filter_chains?.[0]?.filters?.[0]?.typed_config;
    const filters = (http as unknown as { http_filters: { name: string }[] }).http_filters.map(({ name }) => name);
    expect(filters.slice(-2)).toEqual(['envoy.filters.http.dynamic_forward_proxy', 'envoy.filters.http.router']);
  });

  it('goes to the only port of a service from a port that a Sidecar made up', () => {
    const port = { number: 7777, name: 'x', protocol: 'TCP' } as const;
    expect(chains([entry('a.com', 'TCP', { port })])).toEqual([`any -> ${to('a.com')}`]);
  });

  it('ends nowhere or at the egress proxy as the policy says', () => {
    const with_ = (outboundPolicy: OutboundWorld['context']['outboundPolicy']) => ({
      context: { ...outboundContext(), ...(outboundPolicy && { outboundPolicy }) },
    });
    const http = [entry('a.com', 'HTTP')];
    expect(chains(http, with_({ mode: 'REGISTRY_ONLY' })).at(-1)).toContain('-> BlackHoleCluster');
    const egressProxy = { host: 'proxy.com', port: { number: 3128 } };
    expect(chains(http, with_({ mode: 'ALLOW_ANY', egressProxy })).at(-1)).toContain('-> outbound|3128||proxy.com');
    expect(chains(http, with_({ mode: 'ALLOW_ANY_DYNAMIC_DNS' })).at(-1)).toContain('-> PassthroughCluster');
    const settings = settingsWith({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
    expect(chains(http, { context: outboundContext(settings) }).at(-1)).toContain('-> BlackHoleCluster');
  });
});

describe('services on one address and port', () => {
  const onWildcard = { bind: wildcard };
  const tcp = (host: string, cidrs: readonly string[] = []) => entry(host, 'TCP', { ...onWildcard, cidrs }, { addresses: [...cidrs] });

  it('HTTP and TCP are told apart, whoever comes first', () => {
    const http = entry('h.com', 'HTTP');
    expect(chains([tcp('t.com'), http])).toEqual([sniffed('8000'), `else any -> ${to('t.com')}`]);
    expect(chains([http, tcp('t.com')])).toEqual([sniffed('8000'), `else any -> ${to('t.com')}`]);
  });

  it('TCP services must differ in what they match, else the first has it', () => {
    expect(chains([tcp('a.com', ['10.1.0.0/16']), tcp('b.com', ['10.2.0.0/16'])])).toEqual([
      `to 10.1.0.0/16 -> ${to('a.com')}`,
      `to 10.2.0.0/16 -> ${to('b.com')}`,
      through,
    ]);
    expect(chains([tcp('a.com', ['10.1.2.3/16']), tcp('b.com', ['10.1.0.0/16'])])).toEqual([`to 10.1.2.3/16 -> ${to('a.com')}`, through]);
    expect(chains([tcp('a.com'), tcp('b.com')])).toEqual([`any -> ${to('a.com')}`]);
    expect(chains([tcp('a.com', ['10.1.0.0/16']), tcp('b.com')])).toEqual([
      `to 10.1.0.0/16 -> ${to('a.com')}`,
      `else any -> ${to('b.com')}`,
    ]);
  });

  it('a sniffed port takes the place of HTTP on an address of its own, and has no byte streams where others are sniffed already', () => {
    const http = entry('h.com', 'HTTP', { bind: vip });
    const auto = entry('a.com', 'Auto', { bind: vip });
    expect(chains([http, auto])).toEqual([sniffed('a.com:8000'), `else any -> ${to('a.com')}`]);
    expect(chains([entry('h.com', 'HTTP'), entry('a.com', 'Auto', onWildcard)])).toEqual([sniffed('8000'), through]);
    expect(chains([entry('t.com', 'TCP'), auto])).toEqual([sniffed('a.com:8000'), `else any -> ${to('t.com')}`]);
    expect(chains([auto, entry('b.com', 'Auto', { bind: vip })])).toEqual([sniffed('a.com:8000'), `else any -> ${to('a.com')}`]);
  });

  it.each<Protocol>(['MySQL', 'Mongo'])('%s shares a port with nobody else', (protocol) => {
    const db = entry('db.com', protocol, onWildcard, { addresses: [] });
    const byCidr = entry('db2.com', protocol, { ...onWildcard, cidrs: ['10.1.0.0/16'] });
    expect(chains([db, entry('h.com', 'HTTP')])).toEqual([`any -> ${to('db.com')}`]);
    expect(chains([entry('h.com', 'HTTP'), db])).toEqual([sniffed('8000'), through]);
    expect(chains([db, tcp('t.com', ['10.1.0.0/16'])])).toEqual([`any -> ${to('db.com')}`]);
    expect(chains([db, byCidr])).toEqual([`to 10.1.0.0/16 -> ${to('db2.com')}`, `else any -> ${to('db.com')}`]);
  });

  it("a Sidecar's listener with a port is closed to services of its other listeners", () => {
    const mine = entry('a.com', 'TCP', { ...onWildcard, isExplicit: true });
    expect(chains([mine, entry('h.com', 'HTTP')])).toEqual([`any -> ${to('a.com')}`]);
    expect(chains([mine, entry('h.com', 'HTTP', { isExplicit: true })])).toEqual([sniffed('8000'), `else any -> ${to('a.com')}`]);
  });

  it('an HTTP proxy has the port to itself', () => {
    expect(chains([entry('a.com', 'HTTP_PROXY'), entry('b.com', 'HTTP_PROXY')])).toEqual(['any -> http 8000']);
  });
});

describe("rules of VirtualServices' tcp and tls", () => {
  const route = (host: string) => [{ destination: { host } }];
  const ruled = (protocol: Protocol, spec: Omit<VirtualService, 'hosts'>, more: Partial<OutboundEntry> = {}) =>
    entry('a.com', protocol, { virtualServices: [virtualService({ hosts: ['a.com'], ...spec })], ...more });

  it('take the place of the service, up to the first that takes everything', () => {
    const spec = { tcp: [{ match: [{ destinationSubnets: ['10.9.0.0/16'] }], route: route('b.com') }, { route: route('c.com') }] };
    expect(chains([ruled('TCP', spec)])).toEqual([`to 10.9.0.0/16 -> ${to('b.com')}`, `else any -> ${to('c.com')}`]);
    const [first] = build([ruled('TCP', spec)])?.filter_chains ?? [];
    expect(first).not.toHaveProperty('metadata');
    const config = { stringValue: '/apis/networking.istio.io/v1/namespaces/default/virtual-service/vs' };
    expect(build([ruled('TCP', spec)])?.default_filter_chain?.metadata).toEqual({ filter_metadata: { istio: { fields: { config } } } });
  });

  it('for other ports leave the service as it is', () => {
    expect(chains([ruled('TCP', { tcp: [{ match: [{ port: 1 }], route: route('b.com') }] })])).toEqual([`any -> ${to('a.com')}`]);
  });

  it('of TLS match server names, beside the prefixes of the service', () => {
    const spec = { tls: [{ match: [{ sniHosts: ['x.a.com', 'a.com'] }], route: route('b.com') }] };
    expect(chains([ruled('TLS', spec)])).toEqual([`for a.com x.a.com -> ${to('b.com')}`, through]);
    const cidrs = ['10.1.0.0/16'];
    expect(chains([ruled('TLS', spec, { bind: wildcard, cidrs })])).toEqual([
      `to 10.1.0.0/16, for a.com x.a.com -> ${to('b.com')}`,
      through,
    ]);
    expect(chains([ruled('TCP', spec)])).toEqual([`any -> ${to('a.com')}`]);
  });

  it('share connections out by weight', () => {
    const two = [
      { destination: { host: 'b.com' }, weight: 20 },
      { destination: { host: 'c.com' }, weight: 80 },
    ];
    expect(chains([ruled('TCP', { tcp: [{ route: two }] })])).toEqual(['any -> weighted']);
  });
});

describe('the TCP proxy of a service', () => {
  it("follows the service's rule, and the mesh in how statistics and logs are named and written", () => {
    const rule = effectiveRule({ trafficPolicy: { connectionPool: { tcp: { idleTimeout: '5s' } } } });
    const settings = settingsWith({ outboundClusterStatName: '%SERVICE_FQDN%_%SERVICE_PORT%', accessLogFile: '/dev/stdout' });
    const listener = build([entry('a.com', 'TCP', { rule })], { context: outboundContext(settings) });
    expect(listener?.filter_chains?.[0]?.filters?.at(-1)?.typed_config).toMatchObject({
      stat_prefix: 'a.com_8000',
      cluster: to('a.com'),
      idle_timeout: { seconds: '5', nanos: 0 },
      access_log: [{ name: 'envoy.access_loggers.file' }],
    });
  });
});
