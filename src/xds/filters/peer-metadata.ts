import { toStruct } from '../../lib/struct.ts';
import type { FilterContext } from './listener-class.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

/** The name of both filters in istio-proxy. */
const name = 'istio.metadata_exchange';
const typedStruct = 'udpa.type.v1.TypedStruct';

/** Whether the filters by which peers tell each other who they are can be used: they are compiled into istio-proxy alone. */
export function exchangesMetadata({ settings, scope }: Pick<FilterContext, 'settings' | 'scope'>): boolean {
  return settings.flags.PILOT_ENABLE_METADATA_EXCHANGE && scope.features.istioExtensions;
}

/**
 * Peers tell each other in headers who they are (Istio `appendMxFilter`). First of all filters, so that whatever refuses a
 * request is seen with its peer. Mode IN_MESH keeps the headers from leaving the mesh.
 */
export function httpPeerMetadata(context: FilterContext): readonly TypedFilter[] {
  if (!exchangesMetadata(context)) return [];
  const discovery = [{ istio_headers: {} }, { workload_discovery: {} }];
  if (context.class === 'sidecar-inbound') {
    return [
      filterOf('io.istio.http.peer_metadata.Config', { downstream_discovery: discovery, downstream_propagation: [{ istio_headers: {} }] }),
    ];
  }
  const inMesh = context.settings.config.defaultConfig?.proxyHeaders?.metadataExchangeHeaders?.mode === 'IN_MESH';
  const headers = inMesh ? { skip_external_clusters: true } : {};
  return [
    filterOf('io.istio.http.peer_metadata.Config', { upstream_discovery: discovery, upstream_propagation: [{ istio_headers: headers }] }),
  ];
}

/** The same for byte streams, inside mutual TLS; at the receiving end only, as clusters do it for clients. */
export function tcpPeerMetadata(context: FilterContext): readonly TypedFilter[] {
  if (!exchangesMetadata(context)) return [];
  return [filterOf('envoy.tcp.metadataexchange.config.MetadataExchange', { protocol: 'istio-peer-exchange', enable_discovery: true })];
}

function filterOf(type: string, config: Readonly<Record<string, unknown>>): TypedFilter {
  return typedFilter(name, typedStruct, { type_url: `type.googleapis.com/${type}`, value: toStruct(config) });
}
