import { describe, expect, it } from 'vitest';
import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { FilterChainMatch } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChainMatch.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../../src/envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { typedConfig } from '../../../src/xds/clusters/typed-config.ts';
import type { CallInput } from './case.ts';
import { evaluateCall } from './evaluate-call.ts';
import { pickFilterChains, type SeenConnection } from './pick-filter-chain.ts';
import { pickVirtualHost } from './pick-route.ts';
import { insanities } from './sanity.ts';

const typed = (name: string, message: object) => typedConfig(`envoy.extensions.${name}`, message);
const tcp = (cluster: string, more: FilterChain = {}): FilterChain => ({
  name: cluster,
  filters: [{ typed_config: typed('filters.network.tcp_proxy.v3.TcpProxy', { cluster }) }],
  ...more,
});
const http = (route: string, more: FilterChain = {}): FilterChain => ({
  name: route,
  filters: [
    {
      typed_config: typed('filters.network.http_connection_manager.v3.HttpConnectionManager', { rds: { route_config_name: route } }),
    },
  ],
  ...more,
});
const endsTls = (secret: string, client: boolean): FilterChain => ({
  transport_socket: {
    typed_config: typed('transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: { tls_certificate_sds_secret_configs: [{ name: secret }] },
      require_client_certificate: { value: client },
    }),
  },
});
const listener = (address: string, port: number, chains: readonly FilterChain[], more: Listener = {}): Listener => ({
  name: `${address}_${port}`,
  address: { socket_address: { address, port_value: port } },
  filter_chains: [...chains],
  ...more,
});
const inspector = (name: string, disabledOn?: number) => ({
  name: `envoy.filters.listener.${name}`,
  ...(disabledOn !== undefined && { filter_disabled: { destination_port_range: { start: disabledOn, end: disabledOn + 1 } } }),
});
const table: RouteConfiguration = {
  name: '80',
  virtual_hosts: [
    { name: 'a', domains: ['a.com'], routes: [{ name: 'r', match: { prefix: '/x' }, route: { cluster: 'c' } }] },
    { name: 'tls', domains: ['tls.com'], require_tls: 'ALL' },
  ],
};

function outcome(listeners: readonly Listener[], input: Partial<CallInput>) {
  const xds = { listeners, clusters: [], routes: new Map([['80', table]]), misfits: [], problems: [] };
  return evaluateCall(xds, { port: 80, protocol: 'http', ...input }).outcome;
}

describe('evaluateCall', () => {
  it('finds the listener: by address, by port, else the catch-all; inbound by name', () => {
    const all = [
      listener('0.0.0.0', 80, [tcp('wild')]),
      listener('1.2.3.4', 80, [tcp('exact')]),
      { ...listener('0.0.0.0', 15001, [tcp('rest')]), name: 'virtualOutbound' },
      { ...listener('0.0.0.0', 15006, [tcp('in')]), name: 'virtualInbound' },
    ];
    expect(outcome(all, { address: '1.2.3.4' }).cluster).toBe('exact');
    expect(outcome(all, { address: '1.2.3.5' }).cluster).toBe('wild');
    expect(outcome(all, { port: 81 }).cluster).toBe('rest');
    expect(outcome(all, { callMode: 'inbound' }).cluster).toBe('in');
    expect(outcome(all.slice(0, 2), { port: 81 })).toEqual({ error: 'NO_LISTENER' });
  });

  it('knows TLS and ALPN only through inspectors that run for the port', () => {
    const chains = [
      tcp('tls', { filter_chain_match: { transport_protocol: 'tls' } }),
      tcp('h1', { filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: ['http/1.1'] } }),
      tcp('raw', { filter_chain_match: { transport_protocol: 'raw_buffer' } }),
    ];
    const filters = [inspector('tls_inspector'), inspector('http_inspector', 80)];
    const seen = (port: number, tls: 'tls' | 'plaintext', listener_filters = filters) =>
      outcome([listener('0.0.0.0', port, chains, { listener_filters })], { port, tls }).cluster;
    expect([seen(80, 'tls'), seen(80, 'plaintext'), seen(81, 'plaintext')]).toEqual(['tls', 'raw', 'h1']);
    expect(seen(81, 'tls', [])).toBe('raw');
  });

  it.each<[string, readonly FilterChain[], Partial<CallInput>, object]>([
    ['two chains', [tcp('a'), tcp('b')], {}, { error: 'MULTIPLE_FILTER_CHAINS' }],
    ['no chain', [tcp('a', { filter_chain_match: { destination_port: { value: 1 } } })], {}, { error: 'NO_FILTER_CHAIN' }],
    ['plain text to TLS', [tcp('a', endsTls('default', true))], {}, { error: 'TLS_ERROR' }],
    ['TLS to mutual TLS', [tcp('a', endsTls('default', true))], { tls: 'tls' }, { error: 'MTLS_ERROR' }],
    ['mutual TLS to TLS', [tcp('a', endsTls('default', false))], { tls: 'mtls' }, { error: 'MTLS_ERROR' }],
    ['another secret', [tcp('a', endsTls('x', true))], { tls: 'mtls', mtlsSecretConfigName: 'x' }, { cluster: 'a' }],
    ['TCP to HTTP', [http('80')], { protocol: 'tcp' }, { error: 'PROTOCOL_ERROR' }],
    ['TLS to HTTP', [http('80')], { tls: 'tls' }, { error: 'PROTOCOL_ERROR' }],
    ['an unknown host', [http('80')], { hostHeader: 'b.com' }, { error: 'NO_VIRTUAL_HOST', routeConfig: '80' }],
    ['a redirect', [http('80')], { hostHeader: 'tls.com' }, { error: 'TLS_REDIRECT', virtualHost: 'tls' }],
    ['no route', [http('80')], { hostHeader: 'a.com' }, { error: 'NO_ROUTE', virtualHost: 'a' }],
    ['a route', [http('80')], { hostHeader: 'a.com', path: '/x/y' }, { route: 'r', cluster: 'c' }],
  ])('%s', (_, chains, input, expected) => {
    expect(outcome([listener('0.0.0.0', 80, chains)], input)).toMatchObject(expected);
  });
});

describe('pickFilterChains', () => {
  const connection: SeenConnection = { port: 80, address: '10.1.2.3', sni: 'a.b.com', transportProtocol: 'tls', alpn: 'h2' };
  const picked = (...matches: readonly FilterChainMatch[]) =>
    pickFilterChains(
      matches.map((filter_chain_match, index) => ({ name: String(index), filter_chain_match })),
      connection,
    ).map(({ name }) => name);
  const range = (address_prefix: string, value: number) => ({ prefix_ranges: [{ address_prefix, prefix_len: { value } }] });

  it('takes the longest prefix and the longest name', () => {
    expect(picked(range('10.0.0.0', 8), range('10.1.0.0', 16), range('11.0.0.0', 8), {})).toEqual(['1']);
    expect(picked({ server_names: ['*.com'] }, { server_names: ['*.b.com'] }, {})).toEqual(['1']);
    expect(picked({ server_names: ['*.b.com'] }, { server_names: ['a.b.com'] })).toEqual(['1']);
  });

  it('an earlier criterion decides for good', () => {
    expect(picked({ destination_port: { value: 80 }, application_protocols: ['http/1.1'] }, { application_protocols: ['h2'] })).toEqual([]);
  });

  it('without a match those are left that do not ask', () => {
    expect(picked({ server_names: ['x.com'] }, {}, { application_protocols: ['h2'] })).toEqual(['2']);
  });
});

describe('pickVirtualHost', () => {
  const hosts = ['*', 'a.*', '*.com', '*.b.com', 'a.b.com'].map((domain) => ({ name: domain, domains: [domain] }));
  it('exact, then by suffix, then by prefix, then any', () => {
    const names = ['a.b.com', 'x.b.com', 'x.com', 'a.org', 'org'].map((host) => pickVirtualHost({ virtual_hosts: hosts }, host)?.name);
    expect(names).toEqual(['a.b.com', '*.b.com', '*.com', 'a.*', '*']);
  });
  it('looks at the port unless told not to', () => {
    const table = { virtual_hosts: hosts.slice(4) };
    expect(pickVirtualHost(table, 'a.b.com:80')).toBeUndefined();
    expect(pickVirtualHost({ ...table, ignore_port_in_host_matching: true }, 'a.b.com:80')?.name).toBe('a.b.com');
  });
});

describe('insanities', () => {
  it('names what Envoy would refuse', () => {
    const same = { filter_chain_match: { server_names: ['a.com'] } };
    const listeners = [listener('0.0.0.0', 80, [tcp('a', same), tcp('b', same)]), listener('0.0.0.0', 80, [])];
    const clusters = [{ name: 'c', transport_socket: {}, transport_socket_matches: [{}] }];
    const found = insanities({ listeners, clusters, routes: new Map([['80', table]]), misfits: [], problems: [] });
    expect(found).toEqual([
      'listener 0.0.0.0_80 is there twice',
      'address 0.0.0.0:80 is there twice',
      'listener 0.0.0.0_80: match {"server_names":["a.com"]} is there twice',
      'listener 0.0.0.0_80: chain a needs an inspector',
      'listener 0.0.0.0_80: chain b needs an inspector',
      'cluster c has both transport_socket and transport_socket_matches',
      'routes 80: no limit of 1 MiB for direct responses',
    ]);
  });
});
