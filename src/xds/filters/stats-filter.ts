import { parseDuration } from '../../lib/duration.ts';
import type { MetricOverride, ResolvedMetrics } from '../../mesh/telemetry/resolved-telemetry.ts';
import { type FilterContext, telemetryOf } from './listener-class.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

/** Names of the metrics by those of the Telemetry API. */
const names = [
  ['REQUEST_COUNT', 'requests_total'],
  ['REQUEST_DURATION', 'request_duration_milliseconds'],
  ['REQUEST_SIZE', 'request_bytes'],
  ['RESPONSE_SIZE', 'response_bytes'],
  ['TCP_OPENED_CONNECTIONS', 'tcp_connections_opened_total'],
  ['TCP_CLOSED_CONNECTIONS', 'tcp_connections_closed_total'],
  ['TCP_SENT_BYTES', 'tcp_sent_bytes_total'],
  ['TCP_RECEIVED_BYTES', 'tcp_received_bytes_total'],
  ['GRPC_REQUEST_MESSAGES', 'request_messages_total'],
  ['GRPC_RESPONSE_MESSAGES', 'response_messages_total'],
] as const;
const nameOf: ReadonlyMap<string, string> = new Map(names);

/** A metric of Istio's, without the `istio_` that goes before it. */
export type MetricName = (typeof names)[number][1];

/** `requests_total` of `REQUEST_COUNT`; custom metrics keep their own name. */
export function metricName({ metric }: Pick<MetricOverride, 'metric'>): string {
  return nameOf.get(metric) ?? metric;
}

/**
 * Istio's metrics, one filter per Prometheus provider that holds for the workload, the same for requests and for connections
 * (Istio `buildHTTPTelemetryFilter`). Where clients choose the host header it is not taken for a destination.
 */
export function statsFilters(context: FilterContext): readonly TypedFilter[] {
  if (!context.scope.features.istioExtensions) return [];
  const isChosenByClient = context.class !== 'sidecar-outbound';
  return telemetryOf(context).metrics.map((metrics) =>
    typedFilter('istio.stats', 'stats.PluginConfig', pluginConfig(metrics, isChosenByClient)),
  );
}

function pluginConfig({ overrides, reportingInterval }: ResolvedMetrics, disablesHostFallback: boolean): object {
  const interval = reportingInterval === undefined ? undefined : parseDuration(reportingInterval);
  return {
    ...(disablesHostFallback && { disable_host_header_fallback: true }),
    ...(interval && { tcp_reporting_duration: interval }),
    ...(overrides.length > 0 && { metrics: overrides.map(metricConfig) }),
  };
}

function metricConfig(override: MetricOverride): object {
  const removed = override.tags.filter(({ value }) => value === undefined).map(({ name }) => name);
  const set = override.tags.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  return {
    name: metricName(override),
    ...(set.length > 0 && { dimensions: Object.fromEntries(set) }),
    ...(removed.length > 0 && { tags_to_remove: removed }),
    ...(override.isDropped && { drop: true }),
  };
}
