import type { AccessLog } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLog.ts';
import type { AccessLogFilter } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLogFilter.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { countsConnections, httpStatsLogs, onlyAtTheEnd, tcpStatsLogs } from '../metrics/stats-log.ts';
import { meshLogFormat } from './access-log-format.ts';
import { type FilterContext, telemetryOf } from './listener-class.ts';
import { fileLog, providerLog } from './provider-log.ts';

/** What logs depend on. */
export type LogContext = Pick<FilterContext, 'class' | 'telemetry' | 'settings' | 'scope' | 'connectionSecurity'>;

/** The cluster in the bootstrap behind `defaultConfig.envoyAccessLogService`. */
const logServiceCluster = 'envoy_accesslog_service';

/** Who the peers were, as the metadata exchange filters leave it; too big for a line of text. */
export const loggedState = [
  'upstream_peer',
  'downstream_peer',
  'wasm.upstream_peer',
  'wasm.upstream_peer_id',
  'wasm.downstream_peer',
  'wasm.downstream_peer_id',
];

/** No filter chain fits: such a connection is seen by no chain's log. */
const noChain: AccessLogFilter = { response_flag_filter: { flags: ['NR'] } };

/** Logs of requests. */
export function httpAccessLogs(context: LogContext): AccessLog[] {
  return [...logs(context, 'http'), ...httpStatsLogs(context)];
}

/** Logs of connections in a TCP proxy. */
export function tcpAccessLogs(context: LogContext): AccessLog[] {
  const metrics = tcpStatsLogs(context);
  const stated = logs(context, 'tcp', countsConnections(metrics) ? [onlyAtTheEnd] : []);
  return [...stated, ...metrics];
}

/** Logs of connections that a listener itself turns away. */
export function listenerAccessLogs(context: LogContext): AccessLog[] {
  if (context.settings.config.disableEnvoyListenerLog === true) return [];
  return logs(context, 'listener', [noChain]);
}

type LogKind = 'http' | 'tcp' | 'listener';

/**
 * What Telemetry objects and default providers say; where none of their logs can be made, `accessLogFile` and the log service
 * of the mesh (Istio `setHTTPAccessLog`).
 */
function logs(context: LogContext, kind: LogKind, conditions: readonly AccessLogFilter[] = []): AccessLog[] {
  const { settings } = context;
  const told = (telemetryOf(context).logs ?? []).flatMap((stated) => {
    const log = providerLog(stated, settings.config);
    return log === undefined ? [] : [{ stated, log }];
  });
  if (told.length === 0) return legacyLogs(settings, kind).map((log) => withFilters(log, conditions));
  return told
    .filter(({ stated }) => !stated.isDisabled)
    .map(({ stated, log }) => withFilters(log, [...conditions, ...(stated.filter === undefined ? [] : [expressionFilter(stated.filter)])]));
}

function withFilters(log: AccessLog, filters: readonly AccessLogFilter[]): AccessLog {
  const [first] = filters;
  if (first === undefined) return log;
  return { ...log, filter: filters.length === 1 ? first : { and_filter: { filters: [...filters] } } };
}

function expressionFilter(expression: string): AccessLogFilter {
  const config = typedConfig('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', { expression });
  return { extension_filter: { name: 'envoy.access_loggers.extension_filters.cel', typed_config: config } };
}

function legacyLogs({ config }: MeshSettings, kind: LogKind): readonly AccessLog[] {
  return [
    ...(config.accessLogFile ? [fileLog(config.accessLogFile, meshLogFormat(config))] : []),
    ...(config.enableEnvoyAccessLogService === true ? [serviceLog(kind)] : []),
  ];
}

/** Names by kind, as Istio has them. */
const services = {
  http: { name: 'envoy.access_loggers.http_grpc', message: 'HttpGrpcAccessLogConfig', logName: 'http_envoy_accesslog' },
  tcp: { name: 'envoy.tcp_grpc_access_log', message: 'TcpGrpcAccessLogConfig', logName: 'tcp_envoy_accesslog' },
  listener: { name: 'envoy.tcp_grpc_access_log', message: 'TcpGrpcAccessLogConfig', logName: 'listener_envoy_accesslog' },
} as const satisfies Readonly<Record<LogKind, object>>;

function serviceLog(kind: LogKind): AccessLog {
  const { name, message, logName } = services[kind];
  return {
    name,
    typed_config: typedConfig(`envoy.extensions.access_loggers.grpc.v3.${message}`, {
      common_config: {
        log_name: logName,
        grpc_service: { envoy_grpc: { cluster_name: logServiceCluster } },
        transport_api_version: 'V3',
        filter_state_objects_to_log: loggedState,
      },
    }),
  };
}
