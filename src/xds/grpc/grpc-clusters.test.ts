import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { NamedCluster } from '../clusters/cluster-draft.ts';
import { hostname, serviceOf } from '../endpoints/mesh-fixture.ts';
import { buildGrpcClusters, type GrpcClustersInput } from './grpc-clusters.ts';

const protos = loadProtos();
const name = `outbound|80||${hostname}`;

function build(rule?: Partial<DestinationRule>, over: Partial<GrpcClustersInput> = {}): NamedCluster[] {
  const clusters = buildGrpcClusters({
    service: serviceOf(),
    rule: rule && ruleOf(rule),
    serviceAccounts: ['spiffe://cluster.local/ns/default/sa/reviews'],
    settings: settingsOf(),
    features: { workloadCertificates: true },
    ...over,
  });
  for (const cluster of clusters) expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return clusters;
}

const balancedBy = (loadBalancer: NonNullable<DestinationRule['trafficPolicy']>['loadBalancer']) =>
  build({ trafficPolicy: { ...(loadBalancer && { loadBalancer }) } })[0];

describe('the clusters of a service for proxyless gRPC', () => {
  it('have endpoints over ADS and nothing that gRPC does not know', () => {
    expect(build()).toEqual([
      {
        name,
        type: 'EDS',
        alt_stat_name: `${name};`,
        eds_cluster_config: { service_name: name, eds_config: { ads: {}, resource_api_version: 'V3' } },
      },
    ]);
  });

  it('are one for each subset beside the whole, on every port but UDP', () => {
    const ports = [
      { number: 80, name: 'grpc', protocol: 'GRPC' },
      { number: 53, name: 'dns', protocol: 'UDP' },
    ] as const;
    const names = build({ subsets: [{ name: 'v1', labels: {} }] }, { service: serviceOf({ ports }) }).map((cluster) => cluster.name);
    expect(names).toEqual([name, `outbound|80|v1|${hostname}`]);
  });

  it('are none for an alias', () => {
    expect(build(undefined, { service: serviceOf({ resolution: 'Alias' }) })).toEqual([]);
  });

  it('offer LEAST_REQUEST with round robin behind it, in the field that all clients can read', () => {
    const cluster = balancedBy({ simple: 'LEAST_REQUEST' });
    expect(cluster).not.toHaveProperty('lb_policy');
    const [locality] = cluster?.load_balancing_policy?.policies ?? [];
    const picking = locality?.typed_extension_config?.typed_config as { endpoint_picking_policy?: { policies?: unknown[] } };
    expect(picking.endpoint_picking_policy?.policies).toMatchObject([
      { typed_extension_config: { name: 'envoy.load_balancing_policies.least_request' } },
      { typed_extension_config: { name: 'envoy.load_balancing_policies.round_robin' } },
    ]);
  });

  it.each(['ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH'] as const)('stay with round robin for %s', (simple) => {
    const cluster = balancedBy({ simple });
    expect(cluster).not.toHaveProperty('lb_policy');
    expect(cluster).not.toHaveProperty('load_balancing_policy');
    expect(cluster?.type).toBe('EDS');
  });

  it('hash on a ring no larger than clients take, whatever the rule names', () => {
    const ring = (minimumRingSize: number) => balancedBy({ consistentHash: { httpHeaderName: 'user', ringHash: { minimumRingSize } } });
    expect(ring(2048)).toMatchObject({ lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: 2048 } } });
    expect(ring(10_000_000)).toMatchObject({ ring_hash_lb_config: { minimum_ring_size: { value: 8_388_608 } } });
    const maglev = balancedBy({ consistentHash: { httpHeaderName: 'user', maglev: { tableSize: 65537 } } });
    expect(maglev).toMatchObject({ lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: 1024 } } });
  });

  it('limit concurrent calls, the one circuit breaker of gRPC', () => {
    const [cluster] = build({ trafficPolicy: { connectionPool: { http: { http2MaxRequests: 7, maxRetries: 2 } } } });
    expect(cluster?.circuit_breakers).toEqual({ thresholds: [{ max_requests: { value: 7 } }] });
  });

  it('demand mutual TLS only where a rule does and the client has certificates', () => {
    const rule = { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } as const;
    const socket = build(rule)[0]?.transport_socket;
    expect(socket?.name).toBe('envoy.transport_sockets.tls');
    expect(socket?.typed_config).toMatchObject({
      common_tls_context: {
        tls_certificate_provider_instance: { instance_name: 'default', certificate_name: 'default' },
        combined_validation_context: {
          default_validation_context: {
            match_subject_alt_names: [{ exact: 'spiffe://cluster.local/ns/default/sa/reviews' }],
            ca_certificate_provider_instance: { instance_name: 'default', certificate_name: 'ROOTCA' },
          },
        },
      },
    });
    expect(build(rule, { features: { workloadCertificates: false } })[0]).not.toHaveProperty('transport_socket');
    expect(build({ trafficPolicy: { tls: { mode: 'SIMPLE' } } })[0]).not.toHaveProperty('transport_socket');
  });
});
