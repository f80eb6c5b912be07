import { describe, expect, it } from 'vitest';
import type { Cluster } from '../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { FilterChain } from '../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { SimulatedRequest } from './request.ts';
import type { ServedResources } from './resources.ts';
import { createSimulator } from './simulate.ts';
import { possibleOutcomes } from './simulation.ts';

const typed = (name: string, message: object) => ({ '@type': `type.googleapis.com/envoy.extensions.${name}`, ...message });
const inspector = (name: string, type: string, disabledOn?: number) => ({
  name: `envoy.filters.listener.${name}`,
  typed_config: typed(`filters.listener.${name}.v3.${type}`, {}),
  ...(disabledOn !== undefined && { filter_disabled: { destination_port_range: { start: disabledOn, end: disabledOn + 1 } } }),
});
const tls = inspector('tls_inspector', 'TlsInspector');
const tcp = (cluster: string, more: FilterChain = {}): FilterChain => ({
  name: cluster,
  filters: [{ typed_config: typed('filters.network.tcp_proxy.v3.TcpProxy', { cluster }) }],
  ...more,
});
const http = (more: FilterChain = {}, manager: object = {}): FilterChain => ({
  name: 'http',
  filters: [
    {
      typed_config: typed('filters.network.http_connection_manager.v3.HttpConnectionManager', {
        rds: { route_config_name: '80' },
        ...manager,
      }),
    },
  ],
  ...more,
});
const endsTls = (client: boolean): FilterChain => ({
  transport_socket: {
    typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: { validation_context: { match_subject_alt_names: [{ prefix: 'spiffe://a/' }] } },
      require_client_certificate: { value: client },
    }),
  },
});
const at = (address: string, port: number, chains: readonly FilterChain[], more: Listener = {}): Listener => ({
  name: `${address}_${port}`,
  address: { socket_address: { address, port_value: port } },
  filter_chains: [...chains],
  ...more,
});
const staticCluster = (name: string): Cluster => ({
  name,
  type: 'STATIC',
  load_assignment: {
    endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '10.9.9.9', port_value: 1 } } } }] }],
  },
});

interface World {
  readonly listeners: readonly Listener[];
  readonly table?: RouteConfiguration;
  readonly clusters?: readonly Cluster[];
}

function served({ listeners, table = {}, clusters = [] }: World): ServedResources {
  return {
    listeners: new Map(listeners.map((listener) => [listener.name ?? '', listener])),
    routes: new Map([['80', table]]),
    clusters: { get: (name) => clusters.find((cluster) => cluster.name === name) ?? staticCluster(name) },
    endpoints: new Map(),
  };
}

const toPort80 = { direction: 'direct', destination: { address: '10.0.0.1', port: 80 }, protocol: 'http', host: 'a.com' } as const;

function ask(world: World, more: Partial<SimulatedRequest> = {}) {
  return possibleOutcomes(createSimulator(served(world))({ ...toPort80, ...more }));
}

/** The cluster that it ends in, or why it does not. */
function endOf(world: World, more: Partial<SimulatedRequest> = {}): string {
  const [{ outcome } = { outcome: undefined }] = ask(world, more);
  if (outcome?.kind === 'delivered') return outcome.cluster;
  return outcome?.kind === 'answered' ? outcome.by : (outcome?.because ?? '');
}

describe('listeners', () => {
  const all = [
    at('0.0.0.0', 80, [tcp('wild')], { bind_to_port: { value: false } }),
    at('1.2.3.4', 80, [tcp('exact')]),
    { ...at('0.0.0.0', 15001, [tcp('rest')]), name: 'virtualOutbound', use_original_dst: { value: true } },
    { ...at('0.0.0.0', 15006, [tcp('in')]), name: 'virtualInbound' },
  ];
  const to = (direction: SimulatedRequest['direction'], address: string, port = 80) =>
    endOf({ listeners: all }, { direction, destination: { address, port } });

  it('intercepted connections go to the listener of the address, of the port, or to the one of all', () => {
    expect([to('outbound', '1.2.3.4'), to('outbound', '1.2.3.5'), to('outbound', '1.2.3.4', 81)]).toEqual(['exact', 'wild', 'rest']);
    expect([to('inbound', '1.2.3.4'), to('inbound', '1.2.3.4', 81)]).toEqual(['in', 'in']);
  });

  it('others reach what is bound alone', () => {
    expect([to('direct', '1.2.3.4'), to('direct', '1.2.3.5')]).toEqual(['exact', 'no listener']);
    expect(endOf({ listeners: all.slice(0, 2) }, { direction: 'outbound' })).toBe('no listener');
  });

  it('losers are named with their reasons', () => {
    const [way] = ask({ listeners: all }, { destination: { address: '1.2.3.5', port: 80 } });
    expect(way?.steps[0]?.losers.map(({ name, reason }) => [name, reason])).toEqual([
      ['0.0.0.0_80', 'takes only what is intercepted'],
      ['1.2.3.4_80', 'listens on 1.2.3.4:80, the connection is to 1.2.3.5:80'],
    ]);
  });
});

describe('filter chains', () => {
  const match = (name: string, filter_chain_match: NonNullable<FilterChain['filter_chain_match']>) => tcp(name, { filter_chain_match });
  const range = (address_prefix: string, value: number) => ({ prefix_ranges: [{ address_prefix, prefix_len: { value } }] });
  const picked = (chains: readonly FilterChain[], more: Partial<SimulatedRequest> = {}, filters: Listener['listener_filters'] = [tls]) =>
    endOf({ listeners: [at('10.0.0.1', 80, chains, { listener_filters: filters })] }, { protocol: 'tcp', ...more });
  const named = (sni: string, alpn: readonly string[] = []) => ({ tls: { sni, alpn } });

  it('the narrowest range, the longest name', () => {
    const ranges = [
      match('8', range('10.0.0.0', 8)),
      match('24', range('10.0.0.7', 24)),
      match('any', {}),
      match('no', range('11.0.0.0', 8)),
    ];
    expect(picked(ranges)).toBe('24');
    const names = [match('*.com', { server_names: ['*.com'] }), match('*.b.com', { server_names: ['*.b.com'] }), match('any', {})];
    expect(['x.B.com', 'b.com', 'com', ''].map((sni) => picked(names, named(sni)))).toEqual(['*.b.com', '*.com', 'any', 'any']);
  });

  it('an earlier criterion decides for good', () => {
    const chains = [match('port', { destination_port: { value: 80 }, server_names: ['x'] }), match('any', {})];
    expect(picked(chains)).toBe('no filter chain');
    const [way] = ask({ listeners: [at('10.0.0.1', 80, chains)] }, { protocol: 'tcp' });
    expect(way?.steps.at(-1)?.why).toContain('no chain is for connections without server name');
    expect(way?.steps.at(-1)?.losers.map(({ reason }) => reason)).toEqual([
      'server name: wants x, the connection has none',
      'asks for no destination port; a chain that asks for 80 goes before',
    ]);
  });

  it('the protocol that the client likes best decides', () => {
    const chains = [match('h2', { application_protocols: ['h2'] }), match('h1', { application_protocols: ['http/1.1'] }), match('any', {})];
    expect([['h2', 'http/1.1'], ['http/1.1', 'h2'], ['x', 'h2'], ['x']].map((alpn) => picked(chains, named('', alpn)))).toEqual([
      'h2',
      'h1',
      'h2',
      'any',
    ]);
  });

  it('is chosen by what inspectors saw that run for the port', () => {
    const chains = [
      match('tls', { transport_protocol: 'tls' }),
      match('h1', { transport_protocol: 'raw_buffer', application_protocols: ['http/1.1'] }),
      match('raw', { transport_protocol: 'raw_buffer' }),
    ];
    const seeing = inspector('http_inspector', 'HttpInspector');
    const blind = inspector('http_inspector', 'HttpInspector', 80);
    expect(picked(chains, { protocol: 'http' }, [tls, seeing])).toBe('h1');
    expect(picked(chains, { protocol: 'http' }, [tls, blind])).toBe('raw');
    expect(picked(chains, named('a'), [tls, seeing])).toBe('tls');
    expect(picked(chains, named('a'), [])).toBe('raw');
  });

  it('by where the client is', () => {
    const chains = [match('local', { source_type: 'SAME_IP_OR_LOOPBACK' }), match('other', { source_type: 'EXTERNAL' })];
    expect([picked(chains), picked(chains, { source: { address: '10.0.0.2' } })]).toEqual(['local', 'other']);
    const ports = [match('7', { source_ports: [7] }), match('any', {})];
    expect([7, 8].map((port) => picked(ports, { source: { address: '10.0.0.2', port } }))).toEqual(['7', 'any']);
  });

  it('two with one match are what Envoy would refuse; the default one is taken last', () => {
    expect(picked([tcp('a'), tcp('b')])).toBe('several filter chains');
    const fallback = at('10.0.0.1', 80, [match('no', { server_names: ['x'] })], { default_filter_chain: tcp('default') });
    expect(endOf({ listeners: [fallback] }, { protocol: 'tcp' })).toBe('default');
  });
});

describe('TLS', () => {
  const mutual = { sni: '', alpn: [], certificate: { uris: ['spiffe://a/ns/b/sa/c'] } };
  const stranger = { sni: '', alpn: [], certificate: { uris: ['spiffe://b/'] } };
  it.each<[string, FilterChain, Partial<SimulatedRequest>, string]>([
    ['plain text to TLS', tcp('a', endsTls(false)), {}, 'TLS expected'],
    ['no certificate', tcp('a', endsTls(true)), { tls: { sni: '', alpn: [] } }, 'no client certificate'],
    ['a certificate', tcp('a', endsTls(true)), { tls: mutual }, 'a'],
    ['a certificate of somebody else', tcp('a', endsTls(true)), { tls: stranger }, 'client certificate refused'],
    ['a certificate that nobody wants', tcp('a', endsTls(false)), { tls: stranger }, 'a'],
    ['TLS to HTTP', http(), { tls: mutual }, 'not HTTP'],
    ['TCP to HTTP', http(), { protocol: 'tcp' }, 'not HTTP'],
  ])('%s', (_, chain, more, end) => expect(endOf({ listeners: [at('10.0.0.1', 80, [chain])] }, more)).toBe(end));
});

describe('TCP', () => {
  it('by weight', () => {
    const clusters = [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 3 },
    ];
    const proxy = typed('filters.network.tcp_proxy.v3.TcpProxy', { weighted_clusters: { clusters } });
    const ways = ask({ listeners: [at('10.0.0.1', 80, [{ filters: [{ typed_config: proxy }] }])] }, { protocol: 'tcp' });
    expect(ways.map(({ probability, outcome }) => [probability, outcome.kind === 'delivered' && outcome.cluster])).toEqual([
      [0.25, 'a'],
      [0.75, 'b'],
    ]);
  });
});
