import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { FilterChainMatch } from '../../envoy/generated/envoy/config/listener/v3/FilterChainMatch.ts';
import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import { buildConfigMetadata } from '../config-metadata.ts';
import { downstreamTlsSocket } from './downstream-tls.ts';

/** What one filter chain of a gateway takes, and what it does with it. */
export interface GatewayChain {
  /** Server names; empty, or with `*` among them: any. */
  readonly sniHosts: readonly string[];
  readonly applicationProtocols?: readonly string[];
  /** The chain terminates TLS. */
  readonly tls?: DownstreamTlsContext;
  readonly filters: readonly Filter[];
  /** The VirtualService that asks for it, where one does. */
  readonly source?: ObjectRef;
}

/** Slow TLS handshakes must not hold memory (Istio PILOT_GATEWAY_TRANSPORT_SOCKET_CONNECT_TIMEOUT). */
const handshakeTimeoutSeconds = 15;

export function buildGatewayFilterChain(chain: GatewayChain): FilterChain {
  const match = chainMatch(chain);
  return {
    ...(match && { filter_chain_match: match }),
    filters: [...chain.filters],
    ...(chain.tls && { transport_socket: downstreamTlsSocket(chain.tls) }),
    ...(chain.source && { metadata: buildConfigMetadata(chain.source) }),
    transport_socket_connect_timeout: { seconds: String(handshakeTimeoutSeconds), nanos: 0 },
  };
}

/** Whether the listener must look into the first bytes of TLS for this chain: at the server name, or at ALPN. */
export function needsTlsInspector({ sniHosts, tls }: GatewayChain): boolean {
  return sniHosts.length > 0 || (tls?.common_tls_context?.alpn_protocols ?? []).length > 0;
}

function chainMatch({ sniHosts, applicationProtocols = [] }: GatewayChain): FilterChainMatch | undefined {
  const anyName = sniHosts.length === 0 || sniHosts.includes('*');
  if (anyName && applicationProtocols.length === 0) return undefined;
  return {
    ...(!anyName && { server_names: [...sniHosts].sort() }),
    ...(applicationProtocols.length > 0 && { application_protocols: [...applicationProtocols] }),
  };
}
