import type { SubstitutionFormatString } from '../../envoy/generated/envoy/config/core/v3/SubstitutionFormatString.ts';
import { toStruct } from '../../lib/struct.ts';
import type { EnvoyFileAccessLogProvider } from '../../schema/mesh-config/extension-provider.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { typedConfig } from '../clusters/typed-config.ts';

/** The fields of Istio's JSON log by name; its text log has the same in another order. */
const fields = {
  start_time: '%START_TIME%',
  route_name: '%ROUTE_NAME%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  duration: '%DURATION%',
  upstream_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
  user_agent: '%REQ(USER-AGENT)%',
  request_id: '%REQ(X-REQUEST-ID)%',
  authority: '%REQ(:AUTHORITY)%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
} as const;

export const defaultText = `${[
  `[${fields.start_time}] "${fields.method} ${fields.path} ${fields.protocol}"`,
  fields.response_code,
  fields.response_flags,
  fields.response_code_details,
  fields.connection_termination_details,
  `"${fields.upstream_transport_failure_reason}"`,
  fields.bytes_received,
  fields.bytes_sent,
  fields.duration,
  fields.upstream_service_time,
  `"${fields.x_forwarded_for}"`,
  `"${fields.user_agent}"`,
  `"${fields.request_id}"`,
  `"${fields.authority}"`,
  `"${fields.upstream_host}"`,
  fields.upstream_cluster,
  fields.upstream_local_address,
  fields.downstream_local_address,
  fields.downstream_remote_address,
  fields.requested_server_name,
  fields.route_name,
].join(' ')}\n`;

type JsonFormat = Readonly<Record<string, unknown>>;

/** As MeshConfig.accessLogFormat and accessLogEncoding say; JSON that cannot be read gives Istio's own. */
export function meshLogFormat(config: MeshConfig): SubstitutionFormatString {
  if (config.accessLogEncoding === 'JSON') return jsonFormat(parseObject(config.accessLogFormat ?? '') ?? fields);
  return textFormat(config.accessLogFormat ?? '');
}

/** As a provider of kind `envoyFileAccessLog` says. */
export function providerLogFormat({ logFormat, omitEmptyValues }: EnvoyFileAccessLogProvider): SubstitutionFormatString {
  const labels = logFormat?.labels as JsonFormat | undefined;
  const isEmpty = labels === undefined || Object.keys(labels).length === 0;
  const format = labels === undefined ? textFormat(logFormat?.text ?? '') : jsonFormat(isEmpty ? fields : labels);
  return { ...format, ...(omitEmptyValues === true && { omit_empty_values: true }) };
}

/** Every entry is a line of its own. */
function textFormat(text: string): SubstitutionFormatString {
  const line = text === '' ? defaultText : text.endsWith('\n') ? text : `${text}\n`;
  return { text_format_source: { inline_string: line }, ...formatters(line) };
}

function jsonFormat(format: JsonFormat): SubstitutionFormatString {
  return { json_format: toStruct(format), json_format_options: {}, ...formatters(Object.values(format).join(' ')) };
}

/** The one operator that Istio documents and Envoy has only as an extension. */
export function formatters(text: string): Pick<SubstitutionFormatString, 'formatters'> {
  if (!text.includes('%REQ_WITHOUT_QUERY')) return {};
  const config = typedConfig('envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery');
  return { formatters: [{ name: 'envoy.formatter.req_without_query', typed_config: config }] };
}

function parseObject(text: string): JsonFormat | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonFormat) : undefined;
  } catch {
    return undefined;
  }
}
