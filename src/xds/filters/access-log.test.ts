import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { fromStruct } from '../../lib/struct.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { telemetryOfMesh } from '../../mesh/telemetry/telemetry-fixtures.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { sidecarScope } from '../routes/route-fixtures.ts';
import { httpAccessLogs, listenerAccessLogs, tcpAccessLogs } from './access-log.ts';

const protos = loadProtos();

function logs(config: MeshConfig, build = httpAccessLogs) {
  const built = build({
    class: 'sidecar-outbound',
    scope: sidecarScope,
    settings: { ...testSettings, config },
    telemetry: telemetryOfMesh(config),
  });
  for (const log of built) expect(protos.check('envoy.config.accesslog.v3.AccessLog', log)).toEqual([]);
  return built;
}

interface Format {
  readonly text_format_source?: { readonly inline_string: string };
  readonly json_format?: { readonly fields: Record<string, object> };
  readonly formatters?: readonly { readonly name: string }[];
  readonly omit_empty_values?: boolean;
}
const formatOf = (config: MeshConfig) => (logs(config)[0] as unknown as { typed_config: { log_format: Format } }).typed_config.log_format;
const toFile = { accessLogFile: '/dev/stdout' };

describe('access logs', () => {
  it('are off unless a file is named', () => {
    expect(logs({})).toEqual([]);
    expect(logs({ accessLogFile: '' })).toEqual([]);
    expect(logs(toFile)).toMatchObject([{ name: 'envoy.access_loggers.file', typed_config: { path: '/dev/stdout' } }]);
  });

  it("have Istio's text, or the user's with a line end", () => {
    expect(formatOf(toFile).text_format_source?.inline_string).toBe(
      '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
        '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% ' +
        '%DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" ' +
        '"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% ' +
        '%DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n',
    );
    const own = formatOf({ ...toFile, accessLogFormat: '%REQ_WITHOUT_QUERY(:PATH)%' });
    expect(own.text_format_source?.inline_string).toBe('%REQ_WITHOUT_QUERY(:PATH)%\n');
    expect(own.formatters).toMatchObject([{ name: 'envoy.formatter.req_without_query' }]);
  });

  it("have Istio's JSON, or the user's where it is an object", () => {
    const json = (accessLogFormat: string) => fromStruct(formatOf({ ...toFile, accessLogEncoding: 'JSON', accessLogFormat }).json_format);
    expect(Object.keys(json(''))).toHaveLength(24);
    expect(json('{"a": "%PROTOCOL%"}')).toEqual({ a: '%PROTOCOL%' });
    expect(json('{"a": ')).toEqual(json(''));
  });

  it('go to the service of the bootstrap, requests and connections apart', () => {
    const config = { enableEnvoyAccessLogService: true };
    const service = (log_name: string) => ({
      typed_config: { common_config: { log_name, grpc_service: { envoy_grpc: { cluster_name: 'envoy_accesslog_service' } } } },
    });
    expect(logs(config)).toMatchObject([service('http_envoy_accesslog')]);
    expect(logs(config, tcpAccessLogs)).toMatchObject([service('tcp_envoy_accesslog')]);
    expect(logs(config, listenerAccessLogs)).toMatchObject([
      { ...service('listener_envoy_accesslog'), filter: { response_flag_filter: {} } },
    ]);
  });

  it('are those of the default providers, where the mesh names any', () => {
    const config: MeshConfig = {
      ...toFile,
      defaultProviders: { accessLogging: ['mine', 'envoy', 'gone'] },
      extensionProviders: [
        { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
        { name: 'mine', envoyFileAccessLog: { path: '/tmp/log', logFormat: { labels: { p: '%PROTOCOL%' } }, omitEmptyValues: true } },
      ],
      accessLogFormat: 'x',
    };
    expect(logs(config)).toMatchObject([
      { typed_config: { path: '/dev/stdout', log_format: { text_format_source: { inline_string: 'x\n' } } } },
      {
        typed_config: {
          path: '/tmp/log',
          log_format: { omit_empty_values: true, json_format: { fields: { p: { stringValue: '%PROTOCOL%' } } } },
        },
      },
    ]);
  });
});
