import type { _envoy_config_cluster_v3_CircuitBreakers_Thresholds as Thresholds } from '../../envoy/generated/envoy/config/cluster/v3/CircuitBreakers.ts';
import type { TcpKeepalive } from '../../envoy/generated/envoy/config/core/v3/TcpKeepalive.ts';
import { parseDurationMs } from '../../lib/duration.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ConnectionPool, RetryBudget } from '../../mesh/traffic-policy/traffic-policy.ts';
import { type ClusterDraft, httpOptions } from './cluster-draft.ts';
import { durationField } from './duration-field.ts';
import { useClientProtocol } from './upstream-protocol.ts';

/** No limit: Envoy's own defaults (3 retries, 1024 requests) fail under pod churn. */
const unlimited = 4294967295;

/**
 * Connect timeout, circuit breakers, TCP keepalive and the HTTP limits. Zero means "not set", as in Istio: the fields are
 * plain numbers there.
 */
export function applyConnectionPool(
  draft: ClusterDraft,
  settings: MeshSettings,
  pool: ConnectionPool,
  retryBudget: RetryBudget | undefined,
): void {
  const { cluster } = draft;
  const timeout = durationField(pool.tcp?.connectTimeout ?? settings.config.connectTimeout ?? '10s');
  if (timeout !== undefined) cluster.connect_timeout = timeout;
  cluster.circuit_breakers = { thresholds: [thresholds(pool, retryBudget)] };
  const keepalive = tcpKeepalive(settings.config.tcpKeepalive, pool.tcp?.tcpKeepalive);
  if (keepalive !== undefined) cluster.upstream_connection_options = { tcp_keepalive: keepalive };
  applyHttpLimits(draft, pool);
  if (pool.http?.useClientProtocol === true) useClientProtocol(draft);
}

function thresholds({ tcp, http }: ConnectionPool, retryBudget: RetryBudget | undefined): Thresholds {
  return {
    max_connections: { value: limit(tcp?.maxConnections) },
    max_pending_requests: { value: limit(http?.http1MaxPendingRequests) },
    max_requests: { value: limit(http?.http2MaxRequests) },
    max_retries: { value: limit(http?.maxRetries) },
    ...(retryBudget === undefined ? {} : { retry_budget: retryBudgetMessage(retryBudget) }),
  };
}

function limit(value: number | undefined): number {
  return value !== undefined && value > 0 ? value : unlimited;
}

function retryBudgetMessage(budget: RetryBudget): NonNullable<Thresholds['retry_budget']> {
  const interval = durationField(budget.budgetInterval);
  return {
    ...(interval && { budget_interval: interval }),
    budget_percent: { value: budget.percent ?? 20 },
    min_retry_concurrency: { value: budget.minRetryConcurrency || 3 },
  };
}

type KeepaliveSetting = NonNullable<NonNullable<ConnectionPool['tcp']>['tcpKeepalive']>;

/** The mesh's, each attribute overridden by the DestinationRule's; an empty one still turns keepalive on. */
function tcpKeepalive(mesh: KeepaliveSetting | undefined, own: KeepaliveSetting | undefined): TcpKeepalive | undefined {
  if (mesh === undefined && own === undefined) return undefined;
  const probes = own?.probes || mesh?.probes;
  const time = own?.time ?? mesh?.time;
  const interval = own?.interval ?? mesh?.interval;
  return {
    ...(probes ? { keepalive_probes: { value: probes } } : {}),
    ...(time === undefined ? {} : { keepalive_time: { value: wholeSeconds(time) } }),
    ...(interval === undefined ? {} : { keepalive_interval: { value: wholeSeconds(interval) } }),
  };
}

function wholeSeconds(text: string): number {
  return Math.trunc((parseDurationMs(text) ?? 0) / 1000);
}

function applyHttpLimits(draft: ClusterDraft, { tcp, http }: ConnectionPool): void {
  const idle = durationField(http?.idleTimeout ?? tcp?.idleTimeout);
  const maxDuration = durationField(tcp?.maxConnectionDuration);
  const maxRequests = http?.maxRequestsPerConnection ?? 0;
  const maxStreams = http?.maxConcurrentStreams ?? 0;
  const keepalive = http?.http2KeepAlive;
  if (!idle && !maxDuration && maxRequests <= 0 && maxStreams <= 0 && !keepalive) return;
  const options = httpOptions(draft);
  options.common_http_protocol_options = {
    ...(idle ? { idle_timeout: idle } : {}),
    ...(maxRequests > 0 ? { max_requests_per_connection: { value: maxRequests } } : {}),
    ...(maxDuration ? { max_connection_duration: maxDuration } : {}),
  };
  const http2 = options.explicit_http_config?.http2_protocol_options;
  if (!http2) return;
  if (maxStreams > 0) http2.max_concurrent_streams = { value: maxStreams };
  if (keepalive) {
    const interval = durationField(keepalive.interval);
    const timeout = durationField(keepalive.timeout);
    http2.connection_keepalive = { ...(interval ? { interval } : {}), ...(timeout ? { timeout } : {}) };
  }
}
