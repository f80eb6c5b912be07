import { describe, expect, it } from 'vitest';
import { patchedWith } from '../../../test/harness/patched-with.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { PatchContext } from './compiled-patch.ts';
import { addedValues, patchListener } from './patch-listener.ts';
import { listenerFault } from './resource-faults.ts';

const any = (type: string, fields: object = {}) => ({ '@type': `type.googleapis.com/envoy.${type}`, ...fields });
const cors = any('extensions.filters.http.cors.v3.Cors');
const buffer = (max: number) => any('extensions.filters.http.buffer.v3.Buffer', { max_request_bytes: { value: max } });
const managerName = 'envoy.filters.network.http_connection_manager';
const manager = (...http_filters: object[]) => ({
  name: managerName,
  typed_config: any('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', { stat_prefix: 's', http_filters }),
});
const router = { name: 'router', typed_config: any('extensions.filters.http.router.v3.Router') };
const proxy = { name: 'tcp', typed_config: any('extensions.filters.network.tcp_proxy.v3.TcpProxy', { stat_prefix: 's', cluster: 'c' }) };
const stats = { name: 'stats', typed_config: any('extensions.filters.network.sni_cluster.v3.SniCluster') };
const inspector = {
  name: 'tls',
  typed_config: any('extensions.filters.listener.tls_inspector.v3.TlsInspector', { initial_read_buffer_size: { value: 512 } }),
};
const other = { name: 'odst', typed_config: any('extensions.filters.listener.original_dst.v3.OriginalDst') };
const socket = (ja3: object) => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: any('extensions.transport_sockets.tls.v3.DownstreamTlsContext', ja3),
});

const listener = {
  name: '0.0.0.0_80',
  address: { socket_address: { address: '0.0.0.0', port_value: 80 } },
  listener_filters: [inspector, other],
  filter_chains: [
    {
      name: 'http',
      filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: ['h2', 'http/1.1'] },
      filters: [manager({ name: 'cors', typed_config: cors }, router)],
    },
    {
      name: 'tls',
      filter_chain_match: { server_names: ['a', 'b'], destination_port: { value: 443 } },
      filters: [stats, proxy],
      transport_socket: socket({ require_client_certificate: { value: true } }),
    },
  ],
  default_filter_chain: { name: 'rest', filters: [proxy] },
} as unknown as Listener;
const virtual = { ...listener, name: 'virtualInbound' } as Listener;

function patch(patches: readonly object[], { of = listener, context }: { of?: Listener; context?: PatchContext } = {}) {
  return patchedWith<Listener>(patches, (run) => patchListener(of, run), { ...(context && { context }), faultOf: listenerFault });
}

type Names = { readonly name?: string };
const names = (list: readonly Names[] | undefined) => (list ?? []).map(({ name }) => name).join(' ');
const chains = (value: Listener | undefined) =>
  `${names(value?.filter_chains)}${value?.default_filter_chain ? ` | ${value.default_filter_chain.name}` : ''}`;
const networkFilters = (value: Listener | undefined) => (value?.filter_chains ?? []).map(({ filters }) => names(filters)).join(' | ');
const httpFilters = (value: Listener | undefined) =>
  names((value?.filter_chains?.[0]?.filters?.[0]?.typed_config as { http_filters?: readonly Names[] } | undefined)?.http_filters);
const at = (filterChain: object) => ({ listener: { filterChain } });
const value = (name: string) => ({ name, typed_config: cors });

describe('LISTENER', () => {
  const listenerPatch = (operation: string, fields: object, match?: object) => ({
    applyTo: 'LISTENER',
    ...(match && { match }),
    patch: { operation, value: fields },
  });

  it('is merged, lists longer or replaced', () => {
    const options = { socket_options: [{ level: 1 }] };
    const twice = patch([listenerPatch('MERGE', options), listenerPatch('MERGE', { ...options, listener_filters_timeout: '3s' })]);
    expect(twice.value?.socket_options).toHaveLength(2);
    expect(twice.value?.listener_filters_timeout).toEqual({ seconds: '3' });
    expect(patch([listenerPatch('MERGE', options), listenerPatch('MERGE_AND_REPLACE_LIST', options)]).value?.socket_options).toHaveLength(
      1,
    );
  });

  it.each([
    [{}, true],
    [{ context: 'SIDECAR_OUTBOUND' }, true],
    [{ context: 'SIDECAR_INBOUND' }, false],
    [{ context: 'GATEWAY' }, false],
    [{ listener: { name: '0.0.0.0_80' } }, true],
    [{ listener: { name: 'virtualInbound' } }, false],
    [{ listener: { portNumber: 80 } }, true],
    [{ listener: { portNumber: 81 } }, false],
    [{ listener: { portNumber: 80, portName: 'whatever' } }, true],
  ])('is removed by %j: %s', (match, isRemoved) => {
    expect(patch([listenerPatch('REMOVE', {}, match)]).value === undefined).toBe(isRemoved);
  });

  it('is added outbound and to gateways; inbound only where that is asked for', () => {
    const added = (match: object, context: PatchContext) =>
      patchedWith([listenerPatch('ADD', { name: 'new' }, match)], (run) => addedValues(run, 'LISTENER'), { context }).value?.length;
    expect([added({}, 'SIDECAR_OUTBOUND'), added({}, 'GATEWAY'), added({}, 'SIDECAR_INBOUND')]).toEqual([1, 1, 0]);
    expect(added({ context: 'SIDECAR_INBOUND' }, 'SIDECAR_INBOUND')).toBe(1);
  });
});

describe('LISTENER_FILTER', () => {
  const anchored = { listener: { listenerFilter: 'odst' } };
  it.each([
    ['ADD', {}, 'tls odst new'],
    ['INSERT_FIRST', anchored, 'new tls odst'],
    ['INSERT_BEFORE', anchored, 'tls new odst'],
    ['INSERT_AFTER', { listener: { listenerFilter: 'tls' } }, 'tls new odst'],
    ['INSERT_BEFORE', {}, 'new tls odst'],
    ['INSERT_AFTER', {}, 'tls odst new'],
    ['INSERT_AFTER', { listener: { listenerFilter: 'none' } }, 'tls odst'],
    ['REPLACE', anchored, 'tls new'],
    ['REPLACE', {}, 'tls odst'],
    ['REMOVE', anchored, 'tls'],
    ['REMOVE', {}, 'tls odst'],
  ])('%s %j', (operation, match, expected) => {
    const patched = patch([
      { applyTo: 'LISTENER_FILTER', match, patch: { operation, value: { name: 'new', typed_config: other.typed_config } } },
    ]);
    expect(names(patched.value?.listener_filters)).toBe(expected);
  });

  it('MERGE keeps the name', () => {
    const config = { '@type': inspector.typed_config['@type'], initial_read_buffer_size: 1024 };
    const patched = patch([
      {
        applyTo: 'LISTENER_FILTER',
        match: { listener: { listenerFilter: 'tls' } },
        patch: { operation: 'MERGE', value: { name: 'x', typed_config: config } },
      },
    ]);
    expect(patched.value?.listener_filters?.[0]).toMatchObject({
      name: 'tls',
      typed_config: { initial_read_buffer_size: { value: 1024 } },
    });
  });
});

describe('FILTER_CHAIN', () => {
  it.each([
    [{}, '', 'removed all'],
    [at({ name: 'http' }), 'tls | rest', ''],
    [at({ sni: 'b' }), 'http | rest', ''],
    [at({ transportProtocol: 'raw_buffer' }), 'tls | rest', ''],
    [at({ applicationProtocols: 'http/1.1,h2' }), 'tls | rest', ''],
    [at({ applicationProtocols: 'http/1.1,h3' }), 'http tls | rest', ''],
    [at({ destinationPort: 443 }), 'http | rest', ''],
    [at({ name: 'rest' }), 'http tls', ''],
    [{ listener: { portNumber: 443 } }, 'http tls | rest', ''],
  ])('REMOVE %j leaves %s', (match, expected, fault) => {
    const patched = patch([{ applyTo: 'FILTER_CHAIN', match, patch: { operation: 'REMOVE' } }]);
    // A listener without chains is none that Envoy takes: the patch is left out.
    expect(chains(patched.value)).toBe(fault === '' ? expected : chains(listener));
    expect(patched.failures.size).toBe(fault === '' ? 0 : 1);
  });

  it('of virtual listeners is matched by the port that was meant', () => {
    const remove = { applyTo: 'FILTER_CHAIN', match: { listener: { portNumber: 443 } }, patch: { operation: 'REMOVE' } };
    expect(chains(patch([remove], { of: virtual }).value)).toBe('http | rest');
  });

  it('ADD appends; one without filters is dropped', () => {
    const add = (fields: object) => ({ applyTo: 'FILTER_CHAIN', patch: { operation: 'ADD', value: fields } });
    expect(chains(patch([add({ name: 'new', filters: [proxy] }), add({ name: 'empty' })]).value)).toBe('http tls new | rest');
  });

  it('MERGE goes into a transport socket of the same name, and then nowhere else', () => {
    const merge = (fields: object) => [
      { applyTo: 'FILTER_CHAIN', match: at({ name: 'tls' }), patch: { operation: 'MERGE', value: fields } },
    ];
    const inside = patch(merge({ name: 'renamed', transport_socket: socket({ session_timeout: '9s' }) })).value?.filter_chains?.[1];
    expect(inside).toMatchObject({
      name: 'tls',
      transport_socket: { typed_config: { require_client_certificate: { value: true }, session_timeout: { seconds: '9' } } },
    });
    const raw = { name: 'raw', typed_config: any('extensions.transport_sockets.raw_buffer.v3.RawBuffer') };
    const instead = patch(merge({ name: 'renamed', transport_socket: raw })).value?.filter_chains?.[1];
    expect(instead).toMatchObject({ name: 'renamed', transport_socket: raw });
    const wrong = patch(merge({ transport_socket: { ...raw, name: 'envoy.transport_sockets.tls' } }));
    expect([...wrong.failures.values()]).toEqual([
      'cannot be merged into the transport socket envoy.transport_sockets.tls: it has another type',
    ]);
  });
});

describe('NETWORK_FILTER', () => {
  const filter = (name: string) => at({ filter: { name } });
  const network = (operation: string, match: object) => [
    { applyTo: 'NETWORK_FILTER', match, patch: { operation, value: { name: 'new', typed_config: stats.typed_config } } },
  ];
  it.each([
    ['INSERT_FIRST', at({ name: 'tls' }), `${managerName} | new stats tcp`],
    ['INSERT_BEFORE', filter('tcp'), `${managerName} | stats new tcp`],
    ['INSERT_AFTER', filter('stats'), `${managerName} | stats new tcp`],
    ['INSERT_BEFORE', at({ name: 'tls' }), `${managerName} | new stats tcp`],
    ['REPLACE', filter('stats'), `${managerName} | new tcp`],
    ['REMOVE', filter('stats'), `${managerName} | tcp`],
    ['REMOVE', at({ name: 'tls' }), `${managerName} | stats tcp`],
    ['REPLACE', filter('none'), `${managerName} | stats tcp`],
  ])('%s %j', (operation, match, expected) => {
    expect(networkFilters(patch(network(operation, match)).value)).toBe(expected);
  });

  it('is left out behind one that ends the chain', () => {
    const patched = patch([...network('ADD', {}), ...network('INSERT_FIRST', {})]);
    expect(networkFilters(patched.value)).toBe(`new ${managerName} | new stats tcp`);
    expect([...patched.failures.values()]).toEqual([`${managerName} ends the filter chain, new cannot come after it`]);
  });

  it('MERGE takes name and configuration, of one type', () => {
    const merge = (typed_config: object, match: object) => [
      { applyTo: 'NETWORK_FILTER', match, patch: { operation: 'MERGE', value: { name: 'tcp2', typed_config } } },
    ];
    const patched = patch(
      merge(
        { ...proxy.typed_config, stat_prefix: '', cluster: 'd', idle_timeout: '1s' },
        { listener: { ...filter('tcp').listener, portNumber: 80 } },
      ),
    );
    expect(patched.value?.default_filter_chain?.filters?.[0]).toMatchObject({
      name: 'tcp2',
      typed_config: { stat_prefix: 's', cluster: 'd', idle_timeout: { seconds: '1' } },
    });
    const wrong = patch(merge(cors, filter('tcp')));
    expect([...wrong.failures.values()]).toEqual([
      'cannot merge envoy.extensions.filters.http.cors.v3.Cors into envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy of tcp',
    ]);
    expect(wrong.value?.default_filter_chain).toEqual(listener.default_filter_chain);
  });
});

describe('HTTP_FILTER', () => {
  const sub = (name: string) => at({ filter: { name: managerName, subFilter: { name } } });
  it.each([
    ['INSERT_FIRST', {}, 'new cors router'],
    ['INSERT_BEFORE', sub('router'), 'cors new router'],
    ['INSERT_AFTER', sub('cors'), 'cors new router'],
    ['INSERT_BEFORE', at({ filter: { name: managerName } }), 'new cors router'],
    ['INSERT_BEFORE', sub('none'), 'cors router'],
    ['INSERT_BEFORE', at({ filter: { name: 'none' } }), 'cors router'],
    ['REPLACE', sub('cors'), 'new router'],
    ['REMOVE', sub('cors'), 'router'],
    ['REMOVE', {}, 'cors router'],
    ['ADD', {}, 'cors router'],
    ['INSERT_AFTER', {}, 'cors router'],
    ['REMOVE', sub('router'), 'cors router'],
  ])('%s %j', (operation, match, expected) => {
    expect(httpFilters(patch([{ applyTo: 'HTTP_FILTER', match, patch: { operation, value: value('new') } }]).value)).toBe(expected);
  });

  it('is inserted first, then merged, whatever the order of patches', () => {
    const patched = patch([
      {
        applyTo: 'HTTP_FILTER',
        match: sub('b'),
        patch: { operation: 'MERGE', value: { typed_config: { ...buffer(0), max_request_bytes: 7 } } },
      },
      {
        applyTo: 'HTTP_FILTER',
        match: sub('router'),
        patch: { operation: 'INSERT_BEFORE', value: { name: 'b', typed_config: { ...buffer(0), max_request_bytes: 5 } } },
      },
    ]);
    const config = patched.value?.filter_chains?.[0]?.filters?.[0]?.typed_config;
    expect(config).toMatchObject({ http_filters: [{ name: 'cors' }, { name: 'b', typed_config: buffer(7) }, { name: 'router' }] });
  });

  it('tells which patches have changed something', () => {
    const patched = patch([
      { applyTo: 'HTTP_FILTER', match: sub('none'), patch: { operation: 'REMOVE' } },
      { applyTo: 'HTTP_FILTER', match: sub('cors'), patch: { operation: 'REMOVE' } },
    ]);
    expect(patched.applied.map(({ index }) => index)).toEqual([1]);
  });
});
