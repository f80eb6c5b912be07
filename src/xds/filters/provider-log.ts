import type { AccessLog } from '../../envoy/generated/envoy/config/accesslog/v3/AccessLog.ts';
import type { SubstitutionFormatString } from '../../envoy/generated/envoy/config/core/v3/SubstitutionFormatString.ts';
import type { CommonGrpcAccessLogConfig } from '../../envoy/generated/envoy/extensions/access_loggers/grpc/v3/CommonGrpcAccessLogConfig.ts';
import type { HttpGrpcAccessLogConfig } from '../../envoy/generated/envoy/extensions/access_loggers/grpc/v3/HttpGrpcAccessLogConfig.ts';
import type { OpenTelemetryAccessLogConfig } from '../../envoy/generated/envoy/extensions/access_loggers/open_telemetry/v3/OpenTelemetryAccessLogConfig.ts';
import type { ProviderTarget, ResolvedProvider } from '../../mesh/telemetry/resolved-telemetry.ts';
import { compareText } from '../../model/config-object.ts';
import type {
  EnvoyHttpGrpcV3LogProvider,
  EnvoyOpenTelemetryLogProvider,
  EnvoyTcpGrpcV3LogProvider,
} from '../../schema/mesh-config/extension-provider.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { defaultText, formatters, meshLogFormat, providerLogFormat } from './access-log-format.ts';
import { envoyGrpc } from './provider-cluster.ts';

/** Istio's provider of this name follows the mesh's format unless it states its own. */
const builtInProvider = 'envoy';

/** State that the metadata exchange filters leave. */
const peers = ['upstream_peer', 'downstream_peer'];
/** The same with the names of older proxies. */
const allPeers = [...peers, 'wasm.upstream_peer', 'wasm.upstream_peer_id', 'wasm.downstream_peer', 'wasm.downstream_peer_id'];

/**
 * The access log of a provider (Istio `telemetryAccessLog`). Undefined: its kind logs nothing, or its service cannot be found.
 */
export function providerLog({ provider, target }: ResolvedProvider, config: MeshConfig): AccessLog | undefined {
  const { envoyFileAccessLog: file, envoyHttpAls: http, envoyTcpAls: tcp, envoyOtelAls: otel } = provider;
  if (file !== undefined) {
    const isBuiltIn = provider.name === builtInProvider && file.logFormat === undefined && file.omitEmptyValues !== true;
    if (isBuiltIn) return fileLog(file.path ?? '', meshLogFormat(config));
    return fileLog(file.path || '/dev/stdout', providerLogFormat(file));
  }
  if (target === undefined) return undefined;
  if (http !== undefined) return httpServiceLog(http, target);
  if (tcp !== undefined) return tcpServiceLog(tcp, target);
  return otel && openTelemetryLog(otel, target);
}

export function fileLog(path: string, format: SubstitutionFormatString): AccessLog {
  const config = typedConfig('envoy.extensions.access_loggers.file.v3.FileAccessLog', { path, log_format: format });
  return { name: 'envoy.access_loggers.file', typed_config: config };
}

function httpServiceLog(stated: EnvoyHttpGrpcV3LogProvider, target: ProviderTarget): AccessLog {
  const {
    additionalRequestHeadersToLog: request,
    additionalResponseHeadersToLog: response,
    additionalResponseTrailersToLog: trailers,
  } = stated;
  const config: HttpGrpcAccessLogConfig = {
    common_config: commonConfig(stated.logName || 'http_envoy_accesslog', target, listed(stated.filterStateObjectsToLog) ?? peers),
    ...(listed(request) && { additional_request_headers_to_log: [...(request ?? [])] }),
    ...(listed(response) && { additional_response_headers_to_log: [...(response ?? [])] }),
    ...(listed(trailers) && { additional_response_trailers_to_log: [...(trailers ?? [])] }),
  };
  return {
    name: 'envoy.access_loggers.http_grpc',
    typed_config: typedConfig('envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig', config),
  };
}

function tcpServiceLog({ logName, filterStateObjectsToLog: state }: EnvoyTcpGrpcV3LogProvider, target: ProviderTarget): AccessLog {
  const config = { common_config: commonConfig(logName || 'tcp_envoy_accesslog', target, listed(state) ?? peers) };
  return {
    name: 'envoy.tcp_grpc_access_log',
    typed_config: typedConfig('envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig', config),
  };
}

function openTelemetryLog({ logName, logFormat }: EnvoyOpenTelemetryLogProvider, target: ProviderTarget): AccessLog {
  const text = logFormat?.text || defaultText;
  const labels = Object.entries(logFormat?.labels ?? {}).sort(([a], [b]) => compareText(a, b));
  const texts = labels.map(([key, value]) => ({ key, value: typeof value === 'string' ? value : '' }));
  const config: OpenTelemetryAccessLogConfig = {
    common_config: commonConfig(logName || 'otel_envoy_accesslog', target, allPeers),
    disable_builtin_labels: true,
    body: { string_value: text },
    ...(texts.length > 0 && {
      attributes: { values: texts.map(({ key, value }) => ({ key, value: { string_value: value } })) },
    }),
    ...formatters([text, ...texts.map(({ value }) => value)].join(' ')),
  };
  const type = 'envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig';
  return { name: 'envoy.access_loggers.open_telemetry', typed_config: typedConfig(type, config) };
}

function commonConfig(logName: string, target: ProviderTarget, state: readonly string[]): CommonGrpcAccessLogConfig {
  return {
    log_name: logName,
    grpc_service: envoyGrpc(target),
    transport_api_version: 'V3',
    filter_state_objects_to_log: [...state],
  };
}

/** An empty list is one that is not stated. */
function listed(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
