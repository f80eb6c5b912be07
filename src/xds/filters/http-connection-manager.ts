import type { Http1ProtocolOptions } from '../../envoy/generated/envoy/config/core/v3/Http1ProtocolOptions.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import { isHttp2, type Protocol } from '../../model/protocol.ts';
import { durationField } from '../clusters/duration-field.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { preserveCase, preservesHeaderCase } from '../clusters/upstream-protocol.ts';
import { buildTracing, samplesByRequestId } from '../tracing/tracing.ts';
import { httpAccessLogs } from './access-log.ts';
import { applyConnectionSettings, connectionSettingsOf } from './connection-settings.ts';
import { type HttpPolicyFilters, httpFilters } from './http-filters.ts';
import { clientCertFields, serverHeaderFields } from './http-proxy-headers.ts';
import type { FilterContext, ForwardedService } from './listener-class.ts';
import { pathNormalizationFields } from './path-normalization.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

export interface HttpConnectionManagerInput {
  readonly context: FilterContext;
  /** `outbound_0.0.0.0_80;`: Envoy's tags end at the semicolon. */
  readonly statPrefix: string;
  /** The name of a table that RDS serves, or the table itself. */
  readonly routes: string | RouteConfiguration;
  /** Protocol of the port: gRPC-Web wants a filter of its own. */
  readonly protocol: Protocol;
  /** By which extensions tell listeners apart: the workload's own port inbound, else the listener's. */
  readonly port: number;
  /** The service that the listener is for, if it is for one alone. */
  readonly service?: ForwardedService;
  readonly policies?: HttpPolicyFilters;
  /** HTTP proxy: requests name whole URLs. */
  readonly isHttpProxy?: boolean;
  /** Over QUIC. */
  readonly isHttp3?: boolean;
}

/** The HTTP connection manager as a network filter (Istio `buildHTTPConnectionManager`). */
export function buildHttpConnectionManager(input: HttpConnectionManagerInput): TypedFilter {
  const { context } = input;
  return typedFilter(
    httpConnectionManagerName,
    'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    applyConnectionSettings(unsettledManager(input), connectionSettingsOf(context)),
  );
}

export const httpConnectionManagerName = 'envoy.filters.network.http_connection_manager';

function unsettledManager(input: HttpConnectionManagerInput): HttpConnectionManager {
  const { context, statPrefix, routes } = input;
  const { settings } = context;
  const accessLogs = httpAccessLogs(context);
  const tracing = buildTracing(context);
  const idleTimeout = durationField(context.idleTimeout);
  return {
    codec_type: input.isHttp3 === true ? 'HTTP3' : 'AUTO',
    stat_prefix: statPrefix,
    ...(typeof routes === 'string' ? { rds: rds(routes) } : { route_config: routes }),
    http_filters: httpFilters(input),
    ...(tracing && { tracing }),
    ...(idleTimeout && { common_http_protocol_options: { idle_timeout: idleTimeout } }),
    ...protocolOptions(input),
    ...serverHeaderFields(settings, context.class),
    ...(accessLogs.length > 0 && { access_log: accessLogs }),
    use_remote_address: { value: usesRemoteAddress(input) },
    ...clientCertFields(settings, context.class),
    proxy_100_continue: settings.flags.ENABLE_100_CONTINUE_HEADERS,
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    stream_idle_timeout: { seconds: '0', nanos: 0 },
    ...pathNormalizationFields(settings.config),
    request_id_extension: requestIds(samplesByRequestId(context, tracing)),
    ...(settings.config.defaultConfig?.proxyHeaders?.xForwardedPort?.enabled === true && { append_x_forwarded_port: true }),
  };
}

/** A trace is sampled or not as its request id says, unless somebody decides otherwise. */
function requestIds(useForSampling: boolean): NonNullable<HttpConnectionManager['request_id_extension']> {
  return {
    typed_config: typedConfig('envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig', {
      use_request_id_for_trace_sampling: { value: useForSampling },
    }),
  };
}

/** The listener waits for its table without limit, rather than answer 404 meanwhile. */
function rds(name: string): NonNullable<HttpConnectionManager['rds']> {
  return {
    config_source: { ads: {}, initial_fetch_timeout: { seconds: '0', nanos: 0 }, resource_api_version: 'V3' },
    route_config_name: name,
  };
}

/** A gateway believes no header about where a request comes from; an application's sidecar is asked to pass timeouts on. */
function usesRemoteAddress({ context, isHttpProxy }: HttpConnectionManagerInput): boolean {
  if (context.class === 'gateway') return true;
  return context.class === 'sidecar-outbound' && isHttpProxy !== true && context.settings.flags.PILOT_SIDECAR_USE_REMOTE_ADDRESS;
}

function protocolOptions(input: HttpConnectionManagerInput): HttpConnectionManager {
  const { context, isHttpProxy, isHttp3, protocol } = input;
  const http1: Http1ProtocolOptions = {
    ...(isHttpProxy === true && { allow_absolute_url: { value: true } }),
    ...(context.scope.features.http10 && { accept_http_10: true }),
    ...(preservesHeaderCase(context.settings) && preserveCase),
  };
  const hasHttp1 = Object.keys(http1).length > 0 || context.class === 'gateway';
  return {
    ...(hasHttp1 && { http_protocol_options: http1 }),
    ...(context.class === 'sidecar-inbound' && isHttp2(protocol) && { http2_protocol_options: {} }),
    ...(isHttp3 === true && { http3_protocol_options: {} }),
  };
}
