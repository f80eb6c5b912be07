import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { HttpProtocolOptions } from '../../envoy/generated/envoy/extensions/upstreams/http/v3/HttpProtocolOptions.ts';
import { toStruct } from '../../lib/struct.ts';
import { typedConfig } from './typed-config.ts';

/** A cluster that has its name. */
export type NamedCluster = Cluster & { name: string };

/** A cluster while its settings are applied one after the other; nobody else sees it before `finishCluster`. */
export interface ClusterDraft {
  readonly cluster: NamedCluster;
  /** Goes into `typed_extension_protocol_options` where anything was set. */
  http?: HttpProtocolOptions;
  /** `filter_metadata.istio`, as JSON. */
  readonly istioMetadata: Record<string, unknown>;
  readonly isDynamicForwardProxy: boolean;
}

export const httpOptionsKey = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** The draft's HTTP options, begun where there were none. */
export function httpOptions(draft: ClusterDraft): HttpProtocolOptions {
  draft.http ??= {};
  return draft.http;
}

/** Whether the upstream is told to be HTTP/2, which ALPN and HTTP/2 settings depend on. */
export function isHttp2Cluster(draft: ClusterDraft): boolean {
  return draft.http?.explicit_http_config?.http2_protocol_options !== undefined;
}

/** Puts the parts together. Envoy demands a choice of upstream protocol as soon as there are HTTP options: HTTP/1.1 then. */
export function finishCluster(draft: ClusterDraft): NamedCluster {
  const { cluster, http, istioMetadata } = draft;
  if (Object.keys(istioMetadata).length > 0) cluster.metadata = { filter_metadata: { istio: toStruct(istioMetadata) } };
  if (http === undefined) return cluster;
  const hasProtocol = http.explicit_http_config ?? http.use_downstream_protocol_config ?? http.auto_config;
  const options = hasProtocol === undefined ? { ...http, explicit_http_config: { http_protocol_options: {} } } : http;
  cluster.typed_extension_protocol_options = {
    [httpOptionsKey]: typedConfig(httpOptionsKey, options),
  };
  return cluster;
}
