import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { ConnectionSettings } from '../../schema/mesh-config/proxy-settings.ts';
import { durationField } from '../clusters/duration-field.ts';
import type { FilterContext } from './listener-class.ts';

/** What Envoy advises for proxies that face the internet; `profile: EDGE` gives it to gateways, settings stated beside it win. */
const edge: ConnectionSettings = {
  listenerPerConnectionBufferLimitBytes: 32 * 1024,
  httpIdleTimeout: '1h',
  httpStreamIdleTimeout: '5m',
  httpRequestTimeout: '5m',
  httpRequestHeadersTimeout: '60s',
  httpMaxConcurrentStreams: 100,
  http2InitialStreamWindowSize: 64 * 1024,
  http2InitialConnectionWindowSize: 1024 * 1024,
  httpHeadersWithUnderscoresAction: 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
  httpMergeSlashes: true,
  httpPathWithEscapedSlashesAction: 'UNESCAPE_AND_REDIRECT',
};

/** `defaultConfig.connectionSettings` in force. */
export function connectionSettingsOf({ class: listenerClass, settings }: Pick<FilterContext, 'class' | 'settings'>): ConnectionSettings {
  const stated = settings.config.defaultConfig?.connectionSettings ?? {};
  const isEdge = stated.profile === 'EDGE' && listenerClass === 'gateway';
  if (!isEdge) return stated;
  const { httpHeadersWithUnderscoresAction: underscores, httpPathWithEscapedSlashesAction: slashes, ...rest } = stated;
  return {
    ...edge,
    ...rest,
    ...(underscores !== undefined &&
      underscores !== 'HEADERS_WITH_UNDERSCORES_UNSPECIFIED' && { httpHeadersWithUnderscoresAction: underscores }),
    ...(slashes !== undefined && slashes !== 'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED' && { httpPathWithEscapedSlashesAction: slashes }),
  };
}

/** The settings over what the manager has already: they win over MeshConfig.pathNormalization and the node's idle timeout. */
export function applyConnectionSettings(manager: HttpConnectionManager, stated: ConnectionSettings): HttpConnectionManager {
  const common = defined({
    idle_timeout: durationField(stated.httpIdleTimeout),
    max_connection_duration: durationField(stated.httpMaxConnectionDuration),
    max_stream_duration: durationField(stated.httpMaxStreamDuration),
    headers_with_underscores_action: underscoresAction(stated.httpHeadersWithUnderscoresAction),
  });
  const http2 = defined({
    max_concurrent_streams: uint32(stated.httpMaxConcurrentStreams),
    initial_stream_window_size: uint32(stated.http2InitialStreamWindowSize),
    initial_connection_window_size: uint32(stated.http2InitialConnectionWindowSize),
  });
  return {
    ...manager,
    ...defined({
      stream_idle_timeout: durationField(stated.httpStreamIdleTimeout),
      request_timeout: durationField(stated.httpRequestTimeout),
      request_headers_timeout: durationField(stated.httpRequestHeadersTimeout),
      drain_timeout: durationField(stated.httpDrainTimeout),
      merge_slashes: stated.httpMergeSlashes,
      path_with_escaped_slashes_action: slashesAction(stated.httpPathWithEscapedSlashesAction),
    }),
    ...(Object.keys(common).length > 0 && { common_http_protocol_options: { ...manager.common_http_protocol_options, ...common } }),
    ...(Object.keys(http2).length > 0 && { http2_protocol_options: { ...manager.http2_protocol_options, ...http2 } }),
  };
}

function underscoresAction(action: ConnectionSettings['httpHeadersWithUnderscoresAction']) {
  switch (action) {
    case 'HEADERS_WITH_UNDERSCORES_ALLOW':
      return 'ALLOW' as const;
    case 'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST':
      return 'REJECT_REQUEST' as const;
    case 'HEADERS_WITH_UNDERSCORES_DROP_HEADER':
      return 'DROP_HEADER' as const;
    default:
      return undefined;
  }
}

function slashesAction(action: ConnectionSettings['httpPathWithEscapedSlashesAction']) {
  return action === 'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED' ? undefined : action;
}

function uint32(value: number | undefined) {
  return value === undefined || value < 0 ? undefined : { value };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
