import { describe, expect, it } from 'vitest';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { loadProtos } from '../../envoy/protos.ts';
import type { MutualTlsMode } from '../../mesh/authentication/mutual-tls-mode.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { telemetryOfMesh } from '../../mesh/telemetry/telemetry-fixtures.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { service } from '../routes/route-fixtures.ts';
import { buildInboundListeners, type InboundListenersInput } from './inbound-listeners.ts';
import { describeChain, inboundScope, settingsWith } from './listener-fixtures.ts';

const protos = loadProtos();

function targetsOf(ports: Readonly<Record<number, Protocol>>, hostname = 'web.default.svc.cluster.local', createdAt = 0) {
  const web = service(hostname, ports, { createdAt });
  return web.ports.map((port) => ({ service: web, port, targetPort: port.number + 8000 }));
}

function build(more: Partial<InboundListenersInput> = {}): readonly Listener[] {
  const mtls = { mode: 'PERMISSIVE' as MutualTlsMode, portModes: new Map<number, MutualTlsMode>() };
  const listeners = buildInboundListeners({
    targets: [],
    mtls,
    settings: testSettings,
    scope: inboundScope,
    observed: { telemetry: telemetryOfMesh(more.settings?.config) },
    ...more,
  });
  for (const listener of listeners) expect(protos.check('envoy.config.listener.v3.Listener', listener)).toEqual([]);
  return listeners;
}

function virtual(more: Partial<InboundListenersInput> = {}): Listener {
  const [first] = build(more);
  if (first === undefined) throw new Error('no listener');
  return first;
}

const modeOf = (mode: MutualTlsMode, ports: readonly (readonly [number, MutualTlsMode])[] = []) => ({ mode, portModes: new Map(ports) });
const chains = (more: Partial<InboundListenersInput>) => (virtual(more).filter_chains ?? []).map(describeChain);
const sidecarWith = (spec: Sidecar) => ({ name: 'sc', namespace: 'default', spec });
const capturing = (interception: 'TPROXY' | 'NONE') => ({
  ...inboundScope,
  features: { ...inboundScope.features, interception },
});

const blackHole = 'virtualInbound-blackhole: port 15006 -> BlackHoleCluster';
const passthrough: Readonly<Record<MutualTlsMode, readonly string[]>> = {
  PERMISSIVE: [
    'virtualInbound-catchall-http: tls, istio-http/1.0 istio-http/1.1 istio-h2 (ends TLS) -> http inline InboundPassthroughCluster',
    'virtualInbound-catchall-http: raw_buffer, http/1.1 h2c -> http inline InboundPassthroughCluster',
    'virtualInbound: tls, istio-peer-exchange istio (ends TLS) -> InboundPassthroughCluster',
    'virtualInbound: raw_buffer -> InboundPassthroughCluster',
    'virtualInbound: tls -> InboundPassthroughCluster',
  ],
  STRICT: [
    'virtualInbound-catchall-http: tls, istio-http/1.0 istio-http/1.1 istio-h2 (ends TLS) -> http inline InboundPassthroughCluster',
    'virtualInbound: tls (ends TLS) -> InboundPassthroughCluster',
  ],
  DISABLE: [
    'virtualInbound-catchall-http: raw_buffer, http/1.1 h2c -> http inline InboundPassthroughCluster',
    'virtualInbound: raw_buffer -> InboundPassthroughCluster',
  ],
};

describe('the chains of a port', () => {
  const own = 'istio istio-peer-exchange istio-http/1.0 istio-http/1.1 istio-h2';
  it.each<[MutualTlsMode, Protocol, readonly string[]]>([
    ['PERMISSIVE', 'HTTP', [`tls, ${own} (ends TLS) -> http inline inbound|8080||`, 'raw_buffer -> http inline inbound|8080||']],
    ['STRICT', 'HTTP2', ['tls (ends TLS) -> http inline inbound|8080||']],
    ['DISABLE', 'GRPC', ['raw_buffer -> http inline inbound|8080||']],
    ['PERMISSIVE', 'TCP', [`tls, ${own} (ends TLS) -> inbound|8080||`, 'tls -> inbound|8080||', 'raw_buffer -> inbound|8080||']],
    ['STRICT', 'TLS', ['tls (ends TLS) -> inbound|8080||']],
    ['DISABLE', 'HTTPS', ['raw_buffer -> inbound|8080||']],
    [
      'PERMISSIVE',
      'Auto',
      [
        'tls, istio-http/1.0 istio-http/1.1 istio-h2 (ends TLS) -> http inline inbound|8080||',
        'raw_buffer, http/1.1 h2c -> http inline inbound|8080||',
        'tls, istio-peer-exchange istio (ends TLS) -> inbound|8080||',
        'raw_buffer -> inbound|8080||',
        'tls -> inbound|8080||',
      ],
    ],
    [
      'STRICT',
      'Auto',
      ['tls, istio-http/1.0 istio-http/1.1 istio-h2 (ends TLS) -> http inline inbound|8080||', 'tls (ends TLS) -> inbound|8080||'],
    ],
    ['DISABLE', 'Auto', ['raw_buffer, http/1.1 h2c -> http inline inbound|8080||', 'raw_buffer -> inbound|8080||']],
  ])('%s %s', (mode, protocol, expected) => {
    expect(chains({ targets: targetsOf({ 80: protocol }), mtls: modeOf(mode) })).toEqual([
      blackHole,
      ...passthrough[mode],
      ...expected.map((text) => `0.0.0.0_8080: port 8080, ${text}`),
    ]);
  });

  it('a port that is not declared and has a mode of its own gets chains of its own', () => {
    const mtls = modeOf('DISABLE', [
      [8080, 'STRICT'],
      [9999, 'STRICT'],
    ]);
    expect(chains({ targets: targetsOf({ 80: 'HTTP' }), mtls })).toEqual([
      blackHole,
      ...passthrough.DISABLE,
      ...passthrough.STRICT.map((text) => text.replace(': tls', ': port 9999, tls')),
      '0.0.0.0_8080: port 8080, tls (ends TLS) -> http inline inbound|8080||',
    ]);
  });

  it('a proxy without workload certificates takes plain text whatever the policy says', () => {
    const scope = { ...inboundScope, features: { ...inboundScope.features, workloadCertificates: false } };
    expect(chains({ scope, mtls: modeOf('STRICT', [[9999, 'STRICT']]) })).toEqual([
      blackHole,
      ...passthrough.DISABLE,
      ...passthrough.DISABLE.map((text) => text.replace(': raw', ': port 9999, raw')),
    ]);
  });

  it('the oldest service decides about a target port; ports ascend; reserved ones are left out', () => {
    const targets = [
      ...targetsOf({ 80: 'HTTP' }, 'young.default.svc.cluster.local', 2),
      ...targetsOf({ 80: 'TCP', 70: 'TCP', 7021: 'TCP', 7006: 'TCP' }, 'old.default.svc.cluster.local', 1),
    ];
    expect(chains({ targets, mtls: modeOf('DISABLE') }).slice(3)).toEqual([
      '0.0.0.0_8070: port 8070, raw_buffer -> inbound|8070||',
      '0.0.0.0_8080: port 8080, raw_buffer -> inbound|8080||',
    ]);
  });
});

describe('virtualInbound', () => {
  const portRange = (port: number) => ({ destination_port_range: { start: port, end: port + 1 } });
  const filtersOf = (more: Partial<InboundListenersInput>) =>
    (virtual(more).listener_filters ?? []).map(({ name, filter_disabled: disabled }) => [name?.split('.').at(-1), disabled]);

  it('is what the redirection leads to', () => {
    const { filter_chains: _c, listener_filters: _f, ...rest } = virtual();
    expect(rest).toEqual({
      name: 'virtualInbound',
      address: { socket_address: { address: '0.0.0.0', port_value: 15006 } },
      traffic_direction: 'INBOUND',
      continue_on_listener_filters_timeout: true,
      max_connections_to_accept_per_socket_event: { value: 1 },
      listener_filters_timeout: { seconds: '0', nanos: 0 },
    });
  });

  it('inspects ports unless no chain of theirs needs it', () => {
    expect(filtersOf({ targets: targetsOf({ 80: 'HTTP', 90: 'Auto' }) })).toEqual([
      ['original_dst', undefined],
      ['tls_inspector', portRange(15006)],
      ['http_inspector', { or_match: { rules: [portRange(8080), portRange(15006)] } }],
    ]);
  });

  it('looks for TLS on single ports where others take plain text alone', () => {
    const mtls = modeOf('DISABLE', [[8080, 'STRICT']]);
    expect(filtersOf({ targets: targetsOf({ 80: 'HTTP' }), mtls })).toEqual([
      ['original_dst', undefined],
      ['tls_inspector', { not_match: portRange(8080) }],
      ['http_inspector', { or_match: { rules: [portRange(8080), portRange(15006)] } }],
    ]);
    expect(filtersOf({ mtls: modeOf('DISABLE') }).map(([name]) => name)).toEqual(['original_dst', 'http_inspector']);
  });

  it('TPROXY keeps the address of the client', () => {
    const listener = virtual({ scope: capturing('TPROXY') });
    expect(listener.transparent).toEqual({ value: true });
    expect(listener.listener_filters?.map(({ name }) => name)).toEqual([
      'envoy.filters.listener.original_dst',
      'envoy.filters.listener.original_src',
      'envoy.filters.listener.tls_inspector',
      'envoy.filters.listener.http_inspector',
    ]);
  });

  it('logs connections that fit no chain', () => {
    const listener = virtual({ settings: settingsWith({ accessLogFile: '/dev/stdout' }) });
    expect(listener.access_log).toMatchObject([{ filter: { response_flag_filter: { flags: ['NR'] } } }]);
  });

  it('the second address family counts with dual stack alone', () => {
    const scope = { ...inboundScope, features: { ...inboundScope.features, ipv6: true } };
    expect(virtual({ scope })).not.toHaveProperty('additional_addresses');
    expect(virtual({ scope, settings: settingsWith({}, { ISTIO_DUAL_STACK: true }) }).additional_addresses).toEqual([
      { address: { socket_address: { address: '::', port_value: 15006 } } },
    ]);
  });
});

describe('the HTTP chain', () => {
  const manager = (protocol: Protocol) => {
    const chain = virtual({ targets: targetsOf({ 80: protocol }), mtls: modeOf('DISABLE') }).filter_chains?.at(-1);
    return chain?.filters?.at(-1)?.typed_config;
  };

  it('has its routes inside, and tells the application who the client is', () => {
    expect(manager('HTTP')).toMatchObject({
      stat_prefix: 'inbound_0.0.0.0_8080;',
      route_config: {
        name: 'inbound|8080||',
        virtual_hosts: [{ name: 'inbound|http|80', domains: ['*'] }],
        validate_clusters: { value: false },
      },
      forward_client_cert_details: 'APPEND_FORWARD',
      set_current_client_cert_details: { subject: { value: true }, dns: true, uri: true, cert: false, chain: false },
      server_name: 'istio-envoy',
      use_remote_address: { value: false },
    });
    expect(manager('HTTP')).not.toHaveProperty('http2_protocol_options');
    expect(manager('GRPC')).toMatchObject({ http2_protocol_options: {} });
  });

  it('of ports that nobody declares bears the name of the cluster', () => {
    const chain = virtual().filter_chains?.[1]?.filters?.at(-1);
    expect(chain?.typed_config).toMatchObject({
      stat_prefix: 'InboundPassthroughCluster;',
      route_config: { virtual_hosts: [{ name: 'inbound|http|0', routes: [{ decorator: { operation: ':0/*' } }] }] },
    });
  });

  it('exchanges metadata before anything else, where the proxy can', () => {
    const names = (more: Partial<InboundListenersInput>) =>
      virtual({ targets: targetsOf({ 80: 'TCP' }), mtls: modeOf('DISABLE'), ...more })
        .filter_chains?.at(-1)
        ?.filters?.map(({ name }) => name);
    expect(names({})).toEqual(['istio.metadata_exchange', 'envoy.filters.network.tcp_proxy']);
    const scope = { ...inboundScope, features: { ...inboundScope.features, istioExtensions: false } };
    expect(names({ scope })).toEqual(['envoy.filters.network.tcp_proxy']);
  });
});

describe("a Sidecar's ingress", () => {
  const port = (number: number, protocol: string) => ({ number, protocol, name: 'p' });
  const targets = targetsOf({ 80: 'HTTP' });
  const mtls = modeOf('DISABLE');

  it('replaces what services say', () => {
    const sidecar = sidecarWith({ ingress: [{ port: port(9000, 'TCP'), defaultEndpoint: '127.0.0.1:9001' }] });
    const listener = virtual({ targets, mtls, sidecar });
    expect(listener.filter_chains?.slice(3).map(describeChain)).toEqual(['10.1.1.1_9000: port 9000, raw_buffer -> inbound|9000||']);
    const config = { stringValue: '/apis/networking.istio.io/v1/namespaces/default/sidecar/sc' };
    expect(listener.filter_chains?.at(-1)?.metadata).toEqual({ filter_metadata: { istio: { fields: { config } } } });
  });

  it('adds to services with the flag, and wins over them', () => {
    const settings = settingsWith({}, { PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: true });
    const ingress = [{ port: port(8090, 'TCP') }, { port: port(9000, 'TCP') }];
    const both = targetsOf({ 80: 'HTTP', 90: 'HTTP' });
    expect(chains({ targets: both, mtls, settings, sidecar: sidecarWith({ ingress }) }).slice(3)).toEqual([
      '0.0.0.0_8080: port 8080, raw_buffer -> http inline inbound|8080||',
      '10.1.1.1_8090: port 8090, raw_buffer -> inbound|8090||',
      '10.1.1.1_9000: port 9000, raw_buffer -> inbound|9000||',
    ]);
  });

  it('is a real listener where nothing is captured', () => {
    const ingress = [{ port: port(9000, 'HTTP'), bind: '10.5.5.5', captureMode: 'NONE' as const }];
    const [, real] = build({ targets, mtls: modeOf('PERMISSIVE'), sidecar: sidecarWith({ ingress }) });
    expect(real).toMatchObject({
      name: '10.5.5.5_9000',
      address: { socket_address: { address: '10.5.5.5', port_value: 9000 } },
      max_connections_to_accept_per_socket_event: { value: 1 },
    });
    expect(real).not.toHaveProperty('bind_to_port');
    expect(real?.listener_filters?.map(({ name, filter_disabled: off }) => [name, off])).toEqual([
      ['envoy.filters.listener.tls_inspector', { not_match: { destination_port_range: { start: 9000, end: 9001 } } }],
    ]);
  });

  it('is all there is with interception NONE', () => {
    expect(build({ targets, scope: capturing('NONE') })).toEqual([]);
    const sidecar = sidecarWith({ ingress: [{ port: port(9000, 'TCP') }] });
    expect(build({ targets, scope: capturing('NONE'), sidecar }).map(({ name }) => name)).toEqual(['10.1.1.1_9000']);
    const onLoopback = { ...capturing('NONE'), address: '127.0.0.1' };
    expect(build({ targets, scope: onLoopback, sidecar }).map(({ name }) => name)).toEqual(['0.0.0.0_9000']);
  });

  it('ends TLS with certificates of its own where mutual TLS is off and the flag is set', () => {
    const tls = { mode: 'SIMPLE', serverCertificate: '/c', privateKey: '/k' } as const;
    const sidecar = sidecarWith({ ingress: [{ port: port(443, 'HTTPS'), tls }] });
    const settings = settingsWith({}, { ENABLE_TLS_ON_SIDECAR_INGRESS: true });
    expect(chains({ mtls, sidecar, settings }).slice(3)).toEqual(['10.1.1.1_443: port 443, tls (ends TLS) -> http inline inbound|443||']);
    expect(chains({ mtls, sidecar }).slice(3)).toEqual(['10.1.1.1_443: port 443, raw_buffer -> inbound|443||']);
    expect(chains({ mtls: modeOf('STRICT'), sidecar, settings }).at(-1)).toBe(
      '10.1.1.1_443: port 443, tls (ends TLS) -> http inline inbound|443||',
    );
  });
});
