import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import type { ExtensionPhase, WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { telemetryOfMesh } from '../../mesh/telemetry/telemetry-fixtures.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { buildHttpConnectionManager, type HttpConnectionManagerInput } from './http-connection-manager.ts';
import type { FilterContext, ListenerClass } from './listener-class.ts';
import { typedFilter } from './typed-filter.ts';

const protos = loadProtos();

type Input = Partial<Omit<HttpConnectionManagerInput, 'context'>> & Partial<FilterContext> & { config?: MeshConfig };

function manager(listenerClass: ListenerClass, input: Input = {}) {
  const { config = {}, scope, settings, telemetry, extensions, spanService, idleTimeout, outboundPolicy, ...more } = input;
  const inForce = settings ?? { ...testSettings, config };
  const context: FilterContext = {
    class: listenerClass,
    scope: scope ?? sidecarScope,
    settings: inForce,
    telemetry: telemetry ?? telemetryOfMesh(inForce.config),
    ...(extensions && { extensions }),
    ...(spanService !== undefined && { spanService }),
    ...(idleTimeout && { idleTimeout }),
    ...(outboundPolicy && { outboundPolicy }),
  };
  const filter = buildHttpConnectionManager({ context, statPrefix: 'x;', routes: '80', protocol: 'HTTP', port: 80, ...more });
  expect(protos.check('envoy.config.listener.v3.Filter', filter)).toEqual([]);
  return filter.typed_config as unknown as Readonly<Record<string, unknown>> & { http_filters: { name: string; typed_config: object }[] };
}

const names = (listenerClass: ListenerClass, input: Input = {}) => manager(listenerClass, input).http_filters.map(({ name }) => name);
const stock = { ...sidecarScope, features: { ...sidecarScope.features, istioExtensions: false } };
const withMetrics: MeshConfig = { defaultProviders: { metrics: ['prom'] }, extensionProviders: [{ name: 'prom', prometheus: {} }] };
const plainFilters = ['envoy.filters.http.grpc_stats', 'envoy.filters.http.fault', 'envoy.filters.http.cors', 'envoy.filters.http.router'];

describe('the HTTP filters', () => {
  it('of clients and gateways override ALPN', () => {
    const expected = [
      'istio.metadata_exchange',
      'envoy.filters.http.grpc_stats',
      'istio.alpn',
      'envoy.filters.http.fault',
      'envoy.filters.http.cors',
      'istio.stats',
      'envoy.filters.http.router',
    ];
    expect(names('sidecar-outbound', { config: withMetrics })).toEqual(expected);
    expect(names('gateway', { config: withMetrics })).toEqual(expected);
    expect(names('sidecar-inbound', { config: withMetrics })).toEqual(expected.filter((name) => name !== 'istio.alpn'));
  });

  it('are those of stock Envoy where Istio has none compiled in', () => {
    for (const listenerClass of ['sidecar-inbound', 'sidecar-outbound', 'gateway'] as const)
      expect(names(listenerClass, { scope: stock, config: withMetrics })).toEqual(plainFilters);
  });

  it('of policies and extensions have fixed places', () => {
    const at = (name: string) => [typedFilter(name, 'envoy.extensions.filters.http.router.v3.Router')];
    const policies = { authorization: at('5'), jwt: at('3'), customAuthorization: at('1') };
    const extension = (name: string, phase: ExtensionPhase): WorkloadExtension => ({
      namespace: 'n',
      name,
      createdAt: 0,
      phase,
      match: [],
      spec: {},
      filter: { lua: { inlineCode: '-- nothing' } },
    });
    const extensions = [extension('7', 'UNSPECIFIED'), extension('6', 'STATS'), extension('4', 'AUTHZ'), extension('2', 'AUTHN')];
    const withGrpcWeb = names('sidecar-inbound', { policies, extensions, protocol: 'GRPC-Web' }).map((name) =>
      name.replace(/^.*\/n\./, ''),
    );
    expect(withGrpcWeb.slice(0, 10)).toEqual([
      'istio.metadata_exchange',
      ...['1', '2', '3', '4', '5', '6', '7'],
      'envoy.filters.http.grpc_web',
      'envoy.filters.http.grpc_stats',
    ]);
  });

  it('tell peers who they are in the direction of the listener', () => {
    const config = (listenerClass: ListenerClass, config: MeshConfig = {}) =>
      JSON.stringify(manager(listenerClass, { config }).http_filters[0]?.typed_config);
    expect(config('sidecar-inbound')).toContain('downstream_discovery');
    expect(config('gateway')).toContain('upstream_discovery');
    expect(config('sidecar-outbound')).not.toContain('skip_external_clusters');
    const inMesh: MeshConfig = { defaultConfig: { proxyHeaders: { metadataExchangeHeaders: { mode: 'IN_MESH' } } } };
    expect(config('sidecar-outbound', inMesh)).toContain('skip_external_clusters');
  });
});

describe('the HTTP connection manager', () => {
  it('waits for its table, and lets streams be idle', () => {
    expect(manager('sidecar-outbound')).toMatchObject({
      stat_prefix: 'x;',
      rds: {
        route_config_name: '80',
        config_source: { ads: {}, initial_fetch_timeout: { seconds: '0', nanos: 0 }, resource_api_version: 'V3' },
      },
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      stream_idle_timeout: { seconds: '0', nanos: 0 },
      normalize_path: { value: true },
      use_remote_address: { value: false },
      server_header_transformation: 'OVERWRITE',
      proxy_100_continue: true,
    });
  });

  it.each<[ListenerClass, object, readonly string[]]>([
    ['sidecar-outbound', {}, ['server_name', 'forward_client_cert_details', 'http_protocol_options']],
    ['sidecar-inbound', { server_name: 'istio-envoy', forward_client_cert_details: 'APPEND_FORWARD' }, ['http_protocol_options']],
    [
      'gateway',
      {
        server_name: 'istio-envoy',
        forward_client_cert_details: 'SANITIZE_SET',
        set_current_client_cert_details: { subject: { value: true }, cert: true, dns: true, uri: true },
        use_remote_address: { value: true },
        http_protocol_options: {},
      },
      ['xff_num_trusted_hops'],
    ],
  ])('%s', (listenerClass, expected, absent) => {
    expect(manager(listenerClass)).toMatchObject(expected);
    for (const field of absent) expect(manager(listenerClass)).not.toHaveProperty(field);
  });

  it.each([
    ['NONE', { normalize_path: { value: false } }],
    ['MERGE_SLASHES', { normalize_path: { value: true }, merge_slashes: true, path_with_escaped_slashes_action: 'KEEP_UNCHANGED' }],
    ['DECODE_AND_MERGE_SLASHES', { merge_slashes: true, path_with_escaped_slashes_action: 'UNESCAPE_AND_FORWARD' }],
  ] as const)('normalizes paths: %s', (normalization, expected) => {
    expect(manager('sidecar-inbound', { config: { pathNormalization: { normalization } } })).toMatchObject(expected);
  });

  it('follows proxyHeaders', () => {
    const config: MeshConfig = {
      defaultConfig: {
        proxyHeaders: {
          server: { disabled: true },
          requestId: { disabled: true },
          envoyDebugHeaders: { disabled: true },
          forwardedClientCert: 'SANITIZE',
          setCurrentClientCertDetails: { subject: false, cert: true },
          xForwardedPort: { enabled: true },
          preserveHttp1HeaderCase: true,
        },
      },
    };
    const built = manager('sidecar-inbound', { config });
    expect(built).toMatchObject({
      server_header_transformation: 'PASS_THROUGH',
      generate_request_id: { value: false },
      forward_client_cert_details: 'SANITIZE',
      set_current_client_cert_details: { subject: { value: false }, cert: true, dns: true },
      append_x_forwarded_port: true,
      http_protocol_options: { header_key_format: { stateful_formatter: { name: 'preserve_case' } } },
    });
    expect(built).not.toHaveProperty('server_name');
    expect(built.http_filters.at(-1)?.typed_config).toMatchObject({ suppress_envoy_headers: true });
  });

  it('trusts as many proxies before a gateway as the topology says', () => {
    const gatewayTopology = { numTrustedProxies: 2, forwardClientCertDetails: 'FORWARD_ONLY' } as const;
    const built = manager('gateway', { config: { defaultConfig: { gatewayTopology } } });
    expect(built).toMatchObject({ xff_num_trusted_hops: 2, forward_client_cert_details: 'FORWARD_ONLY' });
    expect(built).not.toHaveProperty('set_current_client_cert_details');
  });

  it('takes the edge profile at gateways alone, and stated settings over it', () => {
    const config: MeshConfig = { defaultConfig: { connectionSettings: { profile: 'EDGE', httpStreamIdleTimeout: '1m' } } };
    expect(manager('gateway', { config })).toMatchObject({
      stream_idle_timeout: { seconds: '60', nanos: 0 },
      request_timeout: { seconds: '300', nanos: 0 },
      common_http_protocol_options: { idle_timeout: { seconds: '3600', nanos: 0 }, headers_with_underscores_action: 'REJECT_REQUEST' },
      http2_protocol_options: { max_concurrent_streams: { value: 100 } },
      path_with_escaped_slashes_action: 'UNESCAPE_AND_REDIRECT',
    });
    expect(manager('sidecar-inbound', { config })).not.toHaveProperty('request_timeout');
  });

  it('takes the idle timeout of the node, and HTTP/1.0 where it may', () => {
    const scope = { ...sidecarScope, features: { ...sidecarScope.features, http10: true } };
    expect(manager('sidecar-outbound', { scope, idleTimeout: '9s' })).toMatchObject({
      common_http_protocol_options: { idle_timeout: { seconds: '9', nanos: 0 } },
      http_protocol_options: { accept_http_10: true },
    });
  });

  it('believes the address of its own application with the flag, but never as an HTTP proxy', () => {
    const settings: MeshSettings = { ...testSettings, flags: { ...testSettings.flags, PILOT_SIDECAR_USE_REMOTE_ADDRESS: true } };
    expect(manager('sidecar-outbound', { settings })).toMatchObject({ use_remote_address: { value: true } });
    expect(manager('sidecar-inbound', { settings })).toMatchObject({ use_remote_address: { value: false } });
    expect(manager('sidecar-outbound', { settings, isHttpProxy: true })).toMatchObject({ use_remote_address: { value: false } });
  });
});

describe('tracing', () => {
  interface Tag {
    readonly tag: string;
    readonly literal?: { readonly value: string };
  }
  const tracing = (input: Input, side: 'sidecar-inbound' | 'sidecar-outbound' = 'sidecar-inbound') =>
    manager(side, input)['tracing'] as { custom_tags: Tag[] } & Record<string, unknown>;
  const tags = (input: Input, side?: 'sidecar-outbound') =>
    Object.fromEntries(tracing(input, side).custom_tags.map((tag) => [tag.tag, tag.literal?.value ?? tag]));

  it('is there with enableTracing alone, and samples one percent', () => {
    expect(tracing({})).toBeUndefined();
    expect(tracing({ config: { enableTracing: true } })).toMatchObject({
      client_sampling: { value: 100 },
      random_sampling: { value: 1 },
      overall_sampling: { value: 100 },
    });
    const sampled = (sampling: number) => tracing({ config: { enableTracing: true, defaultConfig: { tracing: { sampling } } } });
    expect(sampled(50)).toMatchObject({ random_sampling: { value: 50 } });
    expect(sampled(200)).toMatchObject({ random_sampling: { value: 1 } });
  });

  it("says whose span it is; a shared listener does not know the workload's name", () => {
    const config = { enableTracing: true };
    const scope = { ...sidecarScope, workloadLabels: { 'service.istio.io/canonical-name': 'web' } };
    expect(tags({ config, scope })).toMatchObject({
      'istio.canonical_service': 'web',
      'istio.canonical_revision': 'latest',
      'istio.namespace': 'default',
      'istio.cluster_id': 'Kubernetes',
      'istio.mesh_id': 'cluster.local',
    });
    const shared = tags({ config, scope }, 'sidecar-outbound');
    expect(shared).not.toHaveProperty('istio.canonical_service');
    expect(shared['istio.namespace']).toMatchObject({ environment: { name: 'POD_NAMESPACE' } });
  });

  it("sorts users' tags among them", () => {
    const customTags = {
      z: { literal: { value: '1' } },
      a: { header: { name: 'x-a', defaultValue: 'd' } },
      e: { environment: { name: 'E' } },
    };
    const config: MeshConfig = { enableTracing: true, defaultConfig: { tracing: { enableIstioTags: false, customTags } } };
    expect(tracing({ config }).custom_tags).toEqual([
      { tag: 'a', request_header: { name: 'x-a', default_value: 'd' } },
      { tag: 'e', environment: { name: 'E', default_value: '' } },
      { tag: 'z', literal: { value: '1' } },
    ]);
  });
});
