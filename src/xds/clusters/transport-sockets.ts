import type { _envoy_config_cluster_v3_Cluster_TransportSocketMatch as SocketMatch } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import type { UpstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/UpstreamTlsContext.ts';
import { toStruct } from '../../lib/struct.ts';
import type { ProxyProtocol } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { ClusterDraft } from './cluster-draft.ts';
import { typedConfig } from './typed-config.ts';

export function rawBufferSocket(name: 'envoy.transport_sockets.raw_buffer' | 'raw_buffer'): TransportSocket {
  return { name, typed_config: typedConfig('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer') };
}

export function tlsSocket(context: UpstreamTlsContext): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typedConfig('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', context),
  };
}

/** Automatic mutual TLS: for endpoints whose metadata says `tlsMode: istio`, plain text for all others. */
export function autoMutualTlsMatches(socket: TransportSocket): SocketMatch[] {
  return [
    { name: 'tlsMode-istio', match: toStruct({ tlsMode: 'istio' }), transport_socket: socket },
    { name: 'tlsMode-disabled', match: {}, transport_socket: rawBufferSocket('envoy.transport_sockets.raw_buffer') },
  ];
}

/** Wraps every transport socket of the cluster so that it sends the PROXY protocol's header first. */
export function applyProxyProtocol({ cluster }: ClusterDraft, setting: ProxyProtocol | undefined): void {
  if (setting === undefined) return;
  const matches = cluster.transport_socket_matches ?? [];
  if (cluster.transport_socket || matches.length === 0) {
    cluster.transport_socket = proxyProtocolSocket(setting, cluster.transport_socket ?? rawBufferSocket('raw_buffer'));
  }
  for (const match of matches) {
    if (match.transport_socket) match.transport_socket = proxyProtocolSocket(setting, match.transport_socket);
  }
}

function proxyProtocolSocket(setting: ProxyProtocol, inner: TransportSocket): TransportSocket {
  return {
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    typed_config: typedConfig('envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport', {
      config: { version: setting.version ?? 'V1' },
      transport_socket: inner,
    }),
  };
}
