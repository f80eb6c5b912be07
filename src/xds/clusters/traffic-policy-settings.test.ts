import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { ruleOf, settingsOf } from '../../mesh/traffic-policy/rule-fixture.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import { scopeOf, serviceOf } from '../endpoints/mesh-fixture.ts';
import { httpOptionsKey, type NamedCluster } from './cluster-draft.ts';
import { buildOutboundClusters, type OutboundClusterInput } from './outbound-clusters.ts';

const protos = loadProtos();

function clusterOf(trafficPolicy: TrafficPolicy, over: Partial<OutboundClusterInput> = {}): NamedCluster {
  const [cluster] = buildOutboundClusters({
    service: serviceOf(),
    rule: ruleOf({ trafficPolicy }),
    serviceAccounts: [],
    mtls: { mode: 'PERMISSIVE', fullyMeshedPorts: [] },
    settings: settingsOf(),
    scope: scopeOf(),
    ...over,
  });
  if (cluster === undefined) throw new Error('no cluster');
  expect(protos.check('envoy.config.cluster.v3.Cluster', cluster)).toEqual([]);
  return cluster;
}

const httpOf = (cluster: NamedCluster) => cluster.typed_extension_protocol_options?.[httpOptionsKey];

describe('connection pool', () => {
  it('sets limits, and leaves at no limit what is zero or unset', () => {
    const cluster = clusterOf({
      connectionPool: {
        tcp: { maxConnections: 1, connectTimeout: '1.5s' },
        http: { http1MaxPendingRequests: 2, http2MaxRequests: 3, maxRetries: 0 },
      },
      retryBudget: { percent: 25 },
    });
    expect(cluster.connect_timeout).toEqual({ seconds: '1', nanos: 500_000_000 });
    expect(cluster.circuit_breakers?.thresholds).toEqual([
      {
        max_connections: { value: 1 },
        max_pending_requests: { value: 2 },
        max_requests: { value: 3 },
        max_retries: { value: 4294967295 },
        retry_budget: { budget_percent: { value: 25 }, min_retry_concurrency: { value: 3 } },
      },
    ]);
  });

  it('combines the keepalive of mesh and rule, attribute by attribute', () => {
    const settings = settingsOf({ tcpKeepalive: { probes: 3, time: '10s' } });
    expect(clusterOf({}, { settings }).upstream_connection_options).toEqual({
      tcp_keepalive: { keepalive_probes: { value: 3 }, keepalive_time: { value: 10 } },
    });
    const cluster = clusterOf({ connectionPool: { tcp: { tcpKeepalive: { time: '20s', interval: '75s' } } } }, { settings });
    expect(cluster.upstream_connection_options).toEqual({
      tcp_keepalive: { keepalive_probes: { value: 3 }, keepalive_time: { value: 20 }, keepalive_interval: { value: 75 } },
    });
    expect(clusterOf({ connectionPool: { tcp: { tcpKeepalive: {} } } }).upstream_connection_options).toEqual({ tcp_keepalive: {} });
  });

  it('limits connections in time and requests, with the HTTP idle timeout before the TCP one', () => {
    const cluster = clusterOf({
      connectionPool: {
        tcp: { idleTimeout: '1h', maxConnectionDuration: '5m' },
        http: {
          idleTimeout: '30s',
          maxRequestsPerConnection: 10,
          h2UpgradePolicy: 'UPGRADE',
          maxConcurrentStreams: 50,
          http2KeepAlive: { interval: '5s', timeout: '1s' },
        },
      },
    });
    expect(httpOf(cluster)).toEqual({
      '@type': `type.googleapis.com/${httpOptionsKey}`,
      common_http_protocol_options: {
        idle_timeout: { seconds: '30', nanos: 0 },
        max_requests_per_connection: { value: 10 },
        max_connection_duration: { seconds: '300', nanos: 0 },
      },
      explicit_http_config: {
        http2_protocol_options: {
          max_concurrent_streams: { value: 50 },
          connection_keepalive: { interval: { seconds: '5', nanos: 0 }, timeout: { seconds: '1', nanos: 0 } },
        },
      },
    });
  });

  it('chooses HTTP/1.1 where there are options and nothing else does: Envoy demands a choice', () => {
    expect(httpOf(clusterOf({ connectionPool: { tcp: { idleTimeout: '1m' } } }))).toMatchObject({
      common_http_protocol_options: { idle_timeout: { seconds: '60', nanos: 0 } },
      explicit_http_config: { http_protocol_options: {} },
    });
  });
});

describe('outlier detection', () => {
  it('never ejects by success rate, and enforces what is counted', () => {
    const cluster = clusterOf({
      outlierDetection: {
        consecutive5xxErrors: 3,
        consecutiveGatewayErrors: 0,
        interval: '1s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 100,
        minHealthPercent: 20,
      },
    });
    expect(cluster.outlier_detection).toEqual({
      enforcing_success_rate: { value: 0 },
      consecutive_5xx: { value: 3 },
      enforcing_consecutive_5xx: { value: 100 },
      consecutive_gateway_failure: { value: 0 },
      enforcing_consecutive_gateway_failure: { value: 0 },
      interval: { seconds: '1', nanos: 0 },
      base_ejection_time: { seconds: '30', nanos: 0 },
      max_ejection_percent: { value: 100 },
    });
    expect(cluster.common_lb_config).toEqual({ healthy_panic_threshold: { value: 20 } });
  });

  it('separates failures of the connection from those of the answer', () => {
    expect(
      clusterOf({ outlierDetection: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 5 } }).outlier_detection,
    ).toEqual({
      enforcing_success_rate: { value: 0 },
      split_external_local_origin_errors: true,
      consecutive_local_origin_failure: { value: 5 },
      enforcing_consecutive_local_origin_failure: { value: 100 },
      enforcing_local_origin_success_rate: { value: 0 },
    });
  });

  it('never panics where unhealthy endpoints are always sent', () => {
    const service = serviceOf({ trafficDistribution: 'PreferSameZone' });
    expect(clusterOf({ outlierDetection: { minHealthPercent: 20 } }, { service }).common_lb_config?.healthy_panic_threshold).toEqual({
      value: 0,
    });
  });

  it('leaves the panic threshold to Envoy where unhealthy endpoints are not sent', () => {
    const settings = settingsOf({}, { PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: false });
    expect(clusterOf({}, { settings }).common_lb_config).toEqual({});
  });

  it("falls back to the mesh's", () => {
    const settings = settingsOf({ defaultTrafficPolicy: { outlierDetection: { consecutive5xxErrors: 9 } } });
    expect(clusterOf({}, { settings }).outlier_detection?.consecutive_5xx).toEqual({ value: 9 });
    expect(clusterOf({ outlierDetection: {} }, { settings }).outlier_detection).toEqual({ enforcing_success_rate: { value: 0 } });
  });
});

describe('load balancing', () => {
  it.each([
    [{}, { lb_policy: 'LEAST_REQUEST' }],
    [{ simple: 'LEAST_CONN' }, { lb_policy: 'LEAST_REQUEST' }],
    [{ simple: 'ROUND_ROBIN' }, { lb_policy: 'ROUND_ROBIN' }],
    [{ simple: 'RANDOM' }, { lb_policy: 'RANDOM' }],
    [{ consistentHash: { useSourceIp: true } }, { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: 1024 } } }],
    [
      { consistentHash: { minimumRingSize: 2048 } },
      { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: 2048 } } },
    ],
    [
      { consistentHash: { ringHash: { minimumRingSize: 64 } } },
      { lb_policy: 'RING_HASH', ring_hash_lb_config: { minimum_ring_size: { value: 64 } } },
    ],
    [{ consistentHash: { maglev: { tableSize: 1009 } } }, { lb_policy: 'MAGLEV', maglev_lb_config: { table_size: { value: 1009 } } }],
    [{ consistentHash: { maglev: {} } }, { lb_policy: 'MAGLEV' }],
    [
      { simple: 'ROUND_ROBIN', warmup: { duration: '60s', aggression: 2 } },
      {
        lb_policy: 'ROUND_ROBIN',
        round_robin_lb_config: {
          slow_start_config: {
            slow_start_window: { seconds: '60', nanos: 0 },
            aggression: { default_value: 2, runtime_key: '(' },
            min_weight_percent: { value: 10 },
          },
        },
      },
    ],
    [
      { warmupDurationSecs: '30s' },
      { lb_policy: 'LEAST_REQUEST', least_request_lb_config: { slow_start_config: { slow_start_window: { seconds: '30', nanos: 0 } } } },
    ],
  ] satisfies [NonNullable<TrafficPolicy['loadBalancer']>, object][])('%o', (loadBalancer, expected) => {
    const { lb_policy, ring_hash_lb_config, maglev_lb_config, round_robin_lb_config, least_request_lb_config } = clusterOf({
      loadBalancer,
    });
    expect({ lb_policy, ring_hash_lb_config, maglev_lb_config, round_robin_lb_config, least_request_lb_config }).toEqual(expected);
  });

  it('PASSTHROUGH goes where the client meant to go', () => {
    const cluster = clusterOf({ loadBalancer: { simple: 'PASSTHROUGH' } });
    expect(cluster).toMatchObject({ type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED' });
    expect(cluster.eds_cluster_config).toBeUndefined();
  });

  it('shards Redis by Maglev where its filter is on', () => {
    const service = serviceOf({ ports: [{ number: 6379, name: 'redis', protocol: 'Redis' }] });
    expect(clusterOf({}, { service, settings: settingsOf({}, { PILOT_ENABLE_REDIS_FILTER: true }) }).lb_policy).toBe('MAGLEV');
    expect(clusterOf({}, { service }).lb_policy).toBe('LEAST_REQUEST');
  });

  it.each([
    ['distribute alone', { localityLbSetting: { distribute: [{ from: '*', to: { '*': 100 } }] } }, false, true],
    ['failover without outlier detection', { localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } }, false, false],
    ['failover with it', { localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } }, true, true],
    ['outlier detection alone', {}, true, false],
  ] satisfies [string, NonNullable<TrafficPolicy['loadBalancer']>, boolean, boolean][])(
    'weighs localities: %s',
    (_name, loadBalancer, detects, weighs) => {
      const config = clusterOf({ loadBalancer, ...(detects ? { outlierDetection: {} } : {}) }).common_lb_config;
      expect(config !== undefined && config !== null && 'locality_weighted_lb_config' in config).toBe(weighs);
    },
  );

  it('weighs localities for a Service that prefers its zone', () => {
    expect(clusterOf({}, { service: serviceOf({ trafficDistribution: 'PreferSameZone' }) }).common_lb_config).toEqual({
      healthy_panic_threshold: { value: 0 },
      locality_weighted_lb_config: {},
    });
  });

  it('leaves zones to Envoy for a zone-aware setting, or forbids them', () => {
    const config = (enabled: boolean) =>
      clusterOf({ loadBalancer: { zoneAwareLbSetting: { enabled, minClusterSize: 3 } } }).common_lb_config?.zone_aware_lb_config;
    expect(config(true)).toEqual({ min_cluster_size: { value: 3 } });
    expect(config(false)).toEqual({ routing_enabled: { value: 0 }, min_cluster_size: { value: 3 } });
  });
});
