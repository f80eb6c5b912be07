import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import { hostname, scopeOf, serviceOf } from '../endpoints/mesh-fixture.ts';
import { httpOptionsKey, type NamedCluster } from './cluster-draft.ts';
import { buildSniDnatClusters } from './sni-dnat-clusters.ts';
import { buildStaticClusters } from './static-clusters.ts';

const protos = loadProtos();

function checked(clusters: NamedCluster[]): NamedCluster[] {
  for (const cluster of clusters) expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return clusters;
}

describe('clusters that stand for no service', () => {
  it("have Istio's shape on a sidecar", () => {
    const [blackHole, passthrough, inbound, ...more] = checked(buildStaticClusters(scopeOf(), settingsOf()));
    expect(more).toEqual([]);
    expect(blackHole).toEqual({
      name: 'BlackHoleCluster',
      type: 'STATIC',
      lb_policy: 'ROUND_ROBIN',
      alt_stat_name: 'BlackHoleCluster;',
      connect_timeout: { seconds: '10', nanos: 0 },
    });
    expect(passthrough).toMatchObject({
      name: 'PassthroughCluster',
      type: 'ORIGINAL_DST',
      lb_policy: 'CLUSTER_PROVIDED',
      alt_stat_name: 'PassthroughCluster;',
      connect_timeout: { seconds: '10', nanos: 0 },
      circuit_breakers: { thresholds: [{ max_connections: { value: 4294967295 } }] },
      typed_extension_protocol_options: {
        [httpOptionsKey]: {
          '@type': `type.googleapis.com/${httpOptionsKey}`,
          common_http_protocol_options: { idle_timeout: { seconds: '300', nanos: 0 } },
          use_downstream_protocol_config: { http_protocol_options: {}, http2_protocol_options: {} },
        },
      },
      filters: [{ name: 'istio.metadata_exchange' }],
    });
    expect(inbound).toMatchObject({
      name: 'InboundPassthroughCluster',
      alt_stat_name: 'PassthroughCluster;',
      upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } },
    });
    expect(inbound?.filters).toBeUndefined();
  });

  it('connect from the loopback of each address family', () => {
    const source = (ipv4: boolean, ipv6: boolean) => {
      const clusters = buildStaticClusters(scopeOf({ features: { ...scopeOf().features, ipv4, ipv6 } }), settingsOf());
      return clusters.at(-1)?.upstream_bind_config;
    };
    expect(source(false, true)).toEqual({ source_address: { address: '::6', port_value: 0 } });
    expect(source(true, true)).toEqual({
      source_address: { address: '127.0.0.6', port_value: 0 },
      extra_source_addresses: [{ address: { address: '::6', port_value: 0 } }],
    });
  });

  it("limit what goes to unknown destinations by the mesh's default", () => {
    const settings = settingsOf({ defaultTrafficPolicy: { connectionPool: { tcp: { maxConnections: 4 } }, outlierDetection: {} } });
    const passthrough = buildStaticClusters(scopeOf(), settings)[1];
    expect(passthrough?.circuit_breakers?.thresholds?.[0]?.max_connections).toEqual({ value: 4 });
    expect(passthrough?.outlier_detection).toBeUndefined();
  });

  it('are the dead end alone on a gateway', () => {
    expect(buildStaticClusters(scopeOf({ role: 'router' }), settingsOf()).map((cluster) => cluster.name)).toEqual(['BlackHoleCluster']);
  });

  it.each([
    ['DISABLE', true],
    ['SIMPLE', false],
  ] as const)('forward to any name under ALLOW_ANY_DYNAMIC_DNS, with TLS %s', (mode, insecure) => {
    const settings = settingsOf({ outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS', tls: { mode } } });
    const cluster = checked(buildStaticClusters(scopeOf(), settings)).find((one) => one.name === 'AllowAnyDynamicDNSCluster');
    const config: unknown = cluster?.cluster_type?.typed_config;
    expect(config).toMatchObject({ dns_cache_config: { name: 'allow_any_dfp_dns_cache', max_hosts: { value: 1024 } } });
    expect(config).toEqual(
      insecure
        ? expect.objectContaining({ allow_insecure_cluster_options: true })
        : expect.not.objectContaining({ allow_insecure_cluster_options: true }),
    );
    expect(cluster?.transport_socket === undefined).toBe(insecure);
  });
});

describe('clusters behind AUTO_PASSTHROUGH', () => {
  const rule = ruleOf({
    trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
    subsets: [{ name: 'v1', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }],
  });
  const build = (service = serviceOf()) =>
    checked(buildSniDnatClusters({ service, rule, settings: settingsOf(), scope: scopeOf({ role: 'router' }) }));

  it('are named like the SNI, for the service and its subsets, and add no TLS', () => {
    const clusters = build();
    expect(clusters.map((cluster) => [cluster.name, cluster.type, cluster.lb_policy, cluster.eds_cluster_config?.service_name])).toEqual([
      [`outbound_.80_._.${hostname}`, 'EDS', 'LEAST_REQUEST', `outbound_.80_._.${hostname}`],
      [`outbound_.80_.v1_.${hostname}`, 'EDS', 'RANDOM', `outbound_.80_.v1_.${hostname}`],
    ]);
    for (const cluster of clusters) expect(cluster.transport_socket ?? cluster.transport_socket_matches).toBeUndefined();
  });

  it('do not exist for services outside the mesh', () => {
    expect(build(serviceOf({ meshExternal: true }))).toEqual([]);
  });
});
