import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Protocol } from '../../model/protocol.ts';
import { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { endpointOf, hostname, httpPort, scopeOf, serviceOf } from '../endpoints/mesh-fixture.ts';
import { httpOptionsKey, type NamedCluster } from './cluster-draft.ts';
import { buildOutboundClusters, type OutboundClusterInput } from './outbound-clusters.ts';

const protos = loadProtos();

function build(over: Partial<OutboundClusterInput> = {}): NamedCluster[] {
  const clusters = buildOutboundClusters({
    service: serviceOf(),
    rule: undefined,
    serviceAccounts: ['spiffe://cluster.local/ns/default/sa/reviews'],
    mtls: { mode: 'PERMISSIVE', fullyMeshedPorts: [] },
    settings: settingsOf(),
    scope: scopeOf(),
    ...over,
  });
  for (const cluster of clusters) expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return clusters;
}

function only(over: Partial<OutboundClusterInput> = {}): NamedCluster {
  const [cluster, ...others] = build(over);
  expect(others).toEqual([]);
  if (cluster === undefined) throw new Error('no cluster');
  return cluster;
}

const embedded = (endpoints: readonly Endpoint[]) => ({
  endpoints,
  scope: scopeOf(),
  messages: new LbEndpoints({ flags: settingsOf().flags }),
});
const portOf = (protocol: Protocol) => serviceOf({ ports: [{ number: 80, name: 'port', protocol }] });
const httpOf = (cluster: NamedCluster) => cluster.typed_extension_protocol_options?.[httpOptionsKey];

describe('the cluster of a service without a rule', () => {
  it("has Istio's shape", () => {
    const sds = (name: string) => ({
      name,
      sds_config: {
        api_config_source: {
          api_type: 'GRPC',
          set_node_on_first_message_only: true,
          transport_api_version: 'V3',
          grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
        },
        resource_api_version: 'V3',
        initial_fetch_timeout: { seconds: '0', nanos: 0 },
      },
    });
    expect(only()).toEqual({
      name: `outbound|80||${hostname}`,
      type: 'EDS',
      eds_cluster_config: {
        service_name: `outbound|80||${hostname}`,
        eds_config: { ads: {}, initial_fetch_timeout: { seconds: '0', nanos: 0 }, resource_api_version: 'V3' },
      },
      alt_stat_name: `outbound|80||${hostname};`,
      connect_timeout: { seconds: '10', nanos: 0 },
      lb_policy: 'LEAST_REQUEST',
      circuit_breakers: {
        thresholds: [
          {
            max_connections: { value: 4294967295 },
            max_pending_requests: { value: 4294967295 },
            max_requests: { value: 4294967295 },
            max_retries: { value: 4294967295 },
          },
        ],
      },
      common_lb_config: { healthy_panic_threshold: { value: 0 } },
      metadata: {
        filter_metadata: {
          istio: {
            fields: {
              services: {
                listValue: {
                  values: [
                    {
                      structValue: {
                        fields: {
                          host: { stringValue: hostname },
                          name: { stringValue: 'reviews' },
                          namespace: { stringValue: 'default' },
                        },
                      },
                    },
                  ],
                },
              },
            },
          },
        },
      },
      filters: [
        {
          name: 'istio.metadata_exchange',
          typed_config: {
            '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
            type_url: 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange',
            value: { fields: { enable_discovery: { boolValue: true }, protocol: { stringValue: 'istio-peer-exchange' } } },
          },
        },
      ],
      transport_socket_matches: [
        {
          name: 'tlsMode-istio',
          match: { fields: { tlsMode: { stringValue: 'istio' } } },
          transport_socket: {
            name: 'envoy.transport_sockets.tls',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
              common_tls_context: {
                tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
                alpn_protocols: ['istio-peer-exchange', 'istio'],
                tls_certificate_sds_secret_configs: [sds('default')],
                combined_validation_context: {
                  default_validation_context: { match_subject_alt_names: [{ exact: 'spiffe://cluster.local/ns/default/sa/reviews' }] },
                  validation_context_sds_secret_config: sds('ROOTCA'),
                },
              },
              sni: `outbound_.80_._.${hostname}`,
            },
          },
        },
        {
          name: 'tlsMode-disabled',
          match: {},
          transport_socket: {
            name: 'envoy.transport_sockets.raw_buffer',
            typed_config: { '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer' },
          },
        },
      ],
    });
  });

  it('exists once for every port but UDP, and not at all for an alias', () => {
    const ports = [httpPort, { number: 53, name: 'dns', protocol: 'UDP' }, { number: 9000, name: 'tcp', protocol: 'TCP' }] as const;
    expect(build({ service: serviceOf({ ports }) }).map((cluster) => cluster.name)).toEqual([
      `outbound|80||${hostname}`,
      `outbound|9000||${hostname}`,
    ]);
    expect(build({ service: serviceOf({ resolution: 'Alias' }) })).toEqual([]);
  });

  it('says that a service lies outside the mesh, and speaks plain text to it', () => {
    const cluster = only({ service: serviceOf({ meshExternal: true }) });
    expect(cluster.metadata?.filter_metadata?.['istio']?.fields?.['external']).toEqual({ boolValue: true });
    expect(cluster.transport_socket_matches).toBeUndefined();
  });

  it("takes its name in statistics from the mesh's pattern", () => {
    const settings = settingsOf({ outboundClusterStatName: '%SERVICE%_%SERVICE_PORT%_%SERVICE_PORT_NAME%_%SUBSET_NAME%' });
    expect(only({ settings }).alt_stat_name).toBe('reviews.default_80_http_;');
  });
});

describe('discovery type', () => {
  it.each([
    ['Passthrough', 'sidecar', 'ORIGINAL_DST', 'CLUSTER_PROVIDED'],
    ['Passthrough', 'router', 'EDS', 'LEAST_REQUEST'],
    ['ClientSideLB', 'sidecar', 'EDS', 'LEAST_REQUEST'],
  ] as const)('%s on a %s is %s', (resolution, role, type, policy) => {
    expect(only({ service: serviceOf({ resolution }), scope: scopeOf({ role }) })).toMatchObject({ type, lb_policy: policy });
  });

  it('can be EDS for headless Kubernetes services, by flag', () => {
    const settings = settingsOf({}, { PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: true });
    expect(only({ service: serviceOf({ resolution: 'Passthrough' }), settings }).type).toBe('EDS');
  });

  it('overrides the port towards an original destination where a ServiceEntry names one', () => {
    const service = serviceOf({ resolution: 'Passthrough', provider: 'External' });
    expect(only({ service }).original_dst_lb_config).toEqual({ upstream_port_override: { value: 8080 } });
  });

  it.each([
    ['DNSLB', 'STRICT_DNS'],
    ['DNSRoundRobinLB', 'LOGICAL_DNS'],
  ] as const)('%s is %s, with its endpoints inside', (resolution, type) => {
    const service = serviceOf({ resolution, provider: 'External' });
    const cluster = only({ service, embedded: embedded([endpointOf('api.example.com', { tlsMode: 'disabled' })]) });
    expect(cluster).toMatchObject({
      type,
      dns_lookup_family: 'V4_ONLY',
      dns_refresh_rate: { seconds: '60', nanos: 0 },
      respect_dns_ttl: true,
      typed_dns_resolver_config: { name: 'envoy.network.dns_resolver.cares', typed_config: { udp_max_queries: { value: 100 } } },
      load_assignment: {
        cluster_name: cluster.name,
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 'api.example.com', port_value: 8080 } } } }] }],
      },
    });
    expect(cluster.eds_cluster_config).toBeUndefined();
  });

  it('looks up IPv6 for proxies that have nothing else, both families only for dual stack', () => {
    const service = serviceOf({ resolution: 'DNSLB' });
    const family = (ipv4: boolean, ISTIO_DUAL_STACK: boolean) =>
      only({
        service,
        embedded: embedded([endpointOf('a.example.com')]),
        scope: scopeOf({ features: { ...scopeOf().features, ipv4, ipv6: true } }),
        settings: settingsOf({}, { ISTIO_DUAL_STACK }),
      }).dns_lookup_family;
    expect([family(false, false), family(true, false), family(true, true)]).toEqual(['V6_ONLY', 'V4_ONLY', 'ALL']);
  });

  it('leaves out a DNS cluster without endpoints, and its subsets with it', () => {
    const rule = ruleOf({ subsets: [{ name: 'v1' }, { name: 'v2', labels: { version: 'v2' } }] });
    const service = serviceOf({ resolution: 'DNSLB' });
    expect(build({ service, rule, embedded: embedded([]) })).toEqual([]);
    expect(build({ service, rule, embedded: embedded([endpointOf('a.example.com')]) }).map((cluster) => cluster.name)).toEqual([
      `outbound|80||${hostname}`,
      `outbound|80|v1|${hostname}`,
    ]);
  });
});

describe('subsets', () => {
  const rule = ruleOf({
    trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' }, connectionPool: { tcp: { maxConnections: 7 } } },
    subsets: [{ name: 'v1' }, { name: 'v2', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
  });

  it('have a cluster each, which names rule and subset and applies both policies', () => {
    const clusters = build({ rule });
    expect(
      clusters.map((cluster) => [cluster.name, cluster.lb_policy, cluster.circuit_breakers?.thresholds?.[0]?.max_connections?.value]),
    ).toEqual([
      [`outbound|80||${hostname}`, 'ROUND_ROBIN', 7],
      [`outbound|80|v1|${hostname}`, 'ROUND_ROBIN', 7],
      [`outbound|80|v2|${hostname}`, 'RANDOM', 7],
    ]);
    const [whole, first] = clusters.map((cluster) => cluster.metadata?.filter_metadata?.['istio']?.fields);
    expect(whole).toMatchObject({ config: { stringValue: '/apis/networking.istio.io/v1/namespaces/default/destination-rule/reviews' } });
    expect(whole).not.toHaveProperty('subset');
    expect(first).toMatchObject({ subset: { stringValue: 'v1' }, config: whole?.['config'] });
  });

  it('have an SNI of their own', () => {
    const socket = build({ rule })[1]?.transport_socket_matches?.[0]?.transport_socket?.typed_config;
    expect(socket).toMatchObject({ sni: `outbound_.80_.v1_.${hostname}` });
  });
});

describe('upstream protocol', () => {
  const h2 = { explicit_http_config: { http2_protocol_options: {} } };
  const client = { use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} } };

  it.each([
    ['HTTP', 'sidecar', undefined],
    ['TCP', 'sidecar', undefined],
    ['HTTP2', 'sidecar', h2],
    ['GRPC', 'router', h2],
    ['Auto', 'sidecar', client],
    ['Auto', 'router', undefined],
  ] as const)('of a %s port on a %s', (protocol, role, expected) => {
    const options = httpOf(only({ service: portOf(protocol), scope: scopeOf({ role }) }));
    if (expected === undefined) expect(options).toBeUndefined();
    else expect(options).toEqual({ '@type': `type.googleapis.com/${httpOptionsKey}`, ...expected });
  });

  it.each([
    ['HTTP', 'DO_NOT_UPGRADE', 'UPGRADE', true],
    ['HTTP', 'UPGRADE', undefined, true],
    ['TCP', 'UPGRADE', undefined, false],
    ['TCP', 'DO_NOT_UPGRADE', 'UPGRADE', true],
    ['HTTP', 'UPGRADE', 'DO_NOT_UPGRADE', false],
  ] as const)('of a %s port where the mesh says %s and the rule %s', (protocol, mesh, own, upgrades) => {
    const rule = ruleOf({ trafficPolicy: own ? { connectionPool: { http: { h2UpgradePolicy: own } } } : {} });
    const options = httpOf(only({ service: portOf(protocol), rule, settings: settingsOf({ h2UpgradePolicy: mesh }) }));
    expect(options !== undefined && 'explicit_http_config' in options).toBe(upgrades);
  });

  it("is the client's where the rule asks for it, even against an upgrade", () => {
    const rule = ruleOf({ trafficPolicy: { connectionPool: { http: { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' } } } });
    expect(httpOf(only({ rule }))).toMatchObject(client);
    expect(httpOf(only({ rule, service: portOf('GRPC') }))).not.toHaveProperty('explicit_http_config');
  });

  it('keeps the case of header names where the mesh asks for it', () => {
    const settings = settingsOf({ defaultConfig: { proxyHeaders: { preserveHttp1HeaderCase: true } } });
    expect(httpOf(only({ settings }))).toMatchObject({
      explicit_http_config: { http_protocol_options: { header_key_format: { stateful_formatter: { name: 'preserve_case' } } } },
    });
  });
});

describe('sessions and wildcards', () => {
  it('lets sessions reach endpoints that drain', () => {
    const service = serviceOf({ labels: { 'istio.io/persistent-session': 'cookie' } });
    expect(only({ service }).common_lb_config?.override_host_status).toEqual({ statuses: ['HEALTHY', 'DRAINING', 'UNKNOWN', 'DEGRADED'] });
  });

  it('forwards a wildcard host to the name in the request', () => {
    const service = serviceOf({
      hostname: '*.example.com',
      name: '*.example.com',
      provider: 'External',
      resolution: 'DynamicDNS',
      meshExternal: true,
    });
    const rule = ruleOf({ host: '*.example.com', trafficPolicy: { tls: { mode: 'SIMPLE' } }, subsets: [{ name: 'v1' }] });
    const cluster = only({ service, rule });
    expect(cluster).toMatchObject({
      name: 'outbound|80||*.example.com',
      lb_policy: 'CLUSTER_PROVIDED',
      cluster_type: {
        name: 'envoy.clusters.dynamic_forward_proxy',
        typed_config: { dns_cache_config: { name: '*.example.com_dfp_dns_cache', dns_lookup_family: 'V4_ONLY' } },
      },
    });
    expect(httpOf(cluster)).toMatchObject({ upstream_http_protocol_options: { auto_sni: true, auto_san_validation: true } });
    expect(cluster.cluster_type?.typed_config).not.toHaveProperty('allow_insecure_cluster_options');
  });

  it('forwards nothing whose host name it cannot read', () => {
    const ports = (['TCP', 'HTTPS', 'Auto', 'TLS'] as const).map((protocol, index) => ({ number: index + 1, name: protocol, protocol }));
    const service = serviceOf({ hostname: '*.example.com', resolution: 'DynamicDNS', ports });
    expect(build({ service }).map((cluster) => cluster.name)).toEqual(['outbound|4||*.example.com']);
  });

  it.each([
    ['plain text with HTTP options', undefined, 'GRPC', undefined, true],
    ['plain text without', undefined, 'HTTP', undefined, false],
    ['mutual TLS', 'ISTIO_MUTUAL', 'GRPC', { auto_sni: true, auto_san_validation: true }, false],
  ] as const)('must tell Envoy that %s is meant', (_name, mode, protocol, names, allowsInsecure) => {
    const service = serviceOf({
      hostname: '*.example.com',
      resolution: 'DynamicDNS',
      meshExternal: true,
      ports: [{ number: 80, name: 'p', protocol }],
    });
    const rule = mode && ruleOf({ host: '*.example.com', trafficPolicy: { tls: { mode } } });
    const cluster = only({ service, rule });
    const config: object = cluster.cluster_type?.typed_config ?? {};
    expect('allow_insecure_cluster_options' in config).toBe(allowsInsecure);
    expect(httpOf(cluster) ?? {}).toEqual(
      names
        ? expect.objectContaining({ upstream_http_protocol_options: names })
        : expect.not.objectContaining({ upstream_http_protocol_options: expect.anything() }),
    );
  });
});
