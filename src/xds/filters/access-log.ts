import type { AccessLog } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLog.ts';
import type { AccessLogFilter } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLogFilter.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { meshLogFormat, providerLogFormat } from './access-log-format.ts';

/** The cluster in the bootstrap behind `defaultConfig.envoyAccessLogService`. */
const logServiceCluster = 'envoy_accesslog_service';

/** Who the peers were, as the metadata exchange filters leave it; too big for a line of text. */
const loggedState = [
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
export function httpAccessLogs(settings: MeshSettings): AccessLog[] {
  return logs(settings, 'http');
}

/** Logs of connections in a TCP proxy. */
export function tcpAccessLogs(settings: MeshSettings): AccessLog[] {
  return logs(settings, 'tcp');
}

/** Logs of connections that a listener itself turns away. */
export function listenerAccessLogs(settings: MeshSettings): AccessLog[] {
  if (settings.config.disableEnvoyListenerLog === true) return [];
  return logs(settings, 'listener').map((log) => ({ ...log, filter: noChain }));
}

type LogKind = 'http' | 'tcp' | 'listener';

/** MeshConfig.defaultProviders.accessLogging, where there is any; else `accessLogFile` and the log service (Istio `setHTTPAccessLog`). */
function logs({ config }: MeshSettings, kind: LogKind): AccessLog[] {
  const names = config.defaultProviders?.accessLogging ?? [];
  if (names.length === 0) {
    return [
      ...(config.accessLogFile ? [fileLog({ path: config.accessLogFile, log_format: meshLogFormat(config) })] : []),
      ...(config.enableEnvoyAccessLogService === true ? [serviceLog(kind)] : []),
    ];
  }
  return [...new Set(names)].sort().flatMap((name) => {
    const provider = config.extensionProviders?.find((candidate) => candidate.name === name)?.envoyFileAccessLog;
    if (provider === undefined) return [];
    const isBuiltIn = name === 'envoy' && provider.logFormat === undefined && provider.omitEmptyValues !== true;
    const format = isBuiltIn ? meshLogFormat(config) : providerLogFormat(provider);
    return [fileLog({ path: provider.path || '/dev/stdout', log_format: format })];
  });
}

function fileLog(config: object): AccessLog {
  return { name: 'envoy.access_loggers.file', typed_config: typedConfig('envoy.extensions.access_loggers.file.v3.FileAccessLog', config) };
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
