import type { AccessLog } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLog.ts';
import type { AccessLogFilter } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLogFilter.ts';
import type { Config } from '../../envoy/generated/envoy/extensions/access_loggers/stats/v3/Config.ts';
import type { ResolvedMetrics } from '../../mesh/telemetry/resolved-telemetry.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { type FilterContext, telemetryOf } from '../filters/listener-class.ts';
import { type MetricName, metricName } from '../filters/stats-filter.ts';
import { metricScope } from './metric-labels.ts';
import { type MetricTag, standardTags, withOverride } from './metric-tags.ts';

/** What the loggers depend on. */
export type StatsLogContext = Pick<FilterContext, 'class' | 'telemetry' | 'scope' | 'connectionSecurity'>;

/**
 * Istio's metrics as an access logger that counts, for an Envoy that has it and lacks Istio's filter (docs/telemetry.md). Several
 * Prometheus providers would count everything several times: the first holds.
 */
export function httpStatsLogs(context: StatsLogContext): AccessLog[] {
  const metrics = metricsOf(context);
  if (metrics === undefined) return [];
  const tags = standardTags(context, 'http');
  const config: Config = {
    stats_scope: { prefix: metricScope },
    counters: counters(metrics, tags, [['requests_total', undefined]]),
    histograms: [
      ...histogram('request_duration_milliseconds', 'Milliseconds', '%DURATION%', { metrics, tags }),
      ...histogram('request_bytes', 'Bytes', '%BYTES_RECEIVED%', { metrics, tags }),
      ...histogram('response_bytes', 'Bytes', '%BYTES_SENT%', { metrics, tags }),
    ],
  };
  return logOf(config);
}

/** The same for connections: counted when the destination is reached, and when all is over. */
export function tcpStatsLogs(context: StatsLogContext): AccessLog[] {
  const metrics = metricsOf(context);
  if (metrics === undefined) return [];
  const tags = standardTags(context, 'tcp');
  const opened = counters(metrics, tags, [['tcp_connections_opened_total', undefined]]);
  const closed = counters(metrics, tags, [
    ['tcp_connections_closed_total', undefined],
    ['tcp_sent_bytes_total', '%BYTES_SENT%'],
    ['tcp_received_bytes_total', '%BYTES_RECEIVED%'],
  ]);
  return [
    ...logOf({ stats_scope: { prefix: metricScope }, counters: opened }, { log_type_filter: { types: ['TcpUpstreamConnected'] } }),
    ...logOf({ stats_scope: { prefix: metricScope }, counters: closed }, { log_type_filter: { types: ['TcpConnectionEnd'] } }),
  ];
}

/** Logs of users beside: they are told of connections that end alone, as if nobody counted those that begin. */
export const onlyAtTheEnd: AccessLogFilter = { log_type_filter: { types: ['TcpUpstreamConnected'], exclude: true } };

/** Whether connections are counted when they begin too. */
export function countsConnections(logs: readonly AccessLog[]): boolean {
  return logs.some(({ name }) => name === loggerName);
}

const loggerName = 'envoy.access_loggers.stats';

function metricsOf(context: StatsLogContext): ResolvedMetrics | undefined {
  return context.scope.features.statsLogger === true ? telemetryOf(context).metrics[0] : undefined;
}

function counters(
  metrics: ResolvedMetrics,
  tags: readonly MetricTag[],
  wanted: readonly (readonly [name: MetricName, format: string | undefined])[],
): NonNullable<Config['counters']> {
  return wanted.flatMap(([name, format]) =>
    stat(name, metrics, tags).map((one) =>
      format === undefined ? { stat: one, value_fixed: { value: '1' } } : { stat: one, value_format: format },
    ),
  );
}

function histogram(
  name: MetricName,
  unit: 'Milliseconds' | 'Bytes',
  format: string,
  { metrics, tags }: { readonly metrics: ResolvedMetrics; readonly tags: readonly MetricTag[] },
): NonNullable<Config['histograms']> {
  return stat(name, metrics, tags).map((one) => ({ stat: one, unit, value_format: format }));
}

/** None where the user disabled the metric. */
function stat(name: MetricName, { overrides }: ResolvedMetrics, tags: readonly MetricTag[]) {
  const override = overrides.find((candidate) => metricName(candidate) === name);
  return override?.isDropped === true ? [] : [{ name, tags: withOverride(tags, override) }];
}

function logOf(config: Config, filter?: AccessLogFilter): AccessLog[] {
  if ((config.counters ?? []).length + (config.histograms ?? []).length === 0) return [];
  const typed = typedConfig('envoy.extensions.access_loggers.stats.v3.Config', config);
  return [{ name: loggerName, typed_config: typed, ...(filter && { filter }) }];
}
