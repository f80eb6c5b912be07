import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Metadata } from '../../envoy/generated/envoy/config/core/v3/Metadata.ts';
import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import type { UpstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/UpstreamTlsContext.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { fromStruct } from '../../lib/struct.ts';
import { messageOf, typeOf } from '../any-message.ts';
import type { UpstreamTls } from '../outcome.ts';
import { placeOf } from '../places.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../steps.ts';

const tlsType = 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext';
/** Where an endpoint says what it can do. */
const matchKey = 'envoy.transport_socket_match';
const plaintext: UpstreamTls = { mode: 'plaintext' };

export interface ChosenTls {
  readonly tls: UpstreamTls;
  /** Absent: there was nothing to choose. */
  readonly step?: Step;
}

/** How an endpoint is spoken to: the first match that all its metadata fulfil, else what the cluster says. */
export function upstreamTls(cluster: Cluster, metadata: Metadata | null | undefined): ChosenTls {
  const matches = cluster.transport_socket_matches ?? [];
  const own = cluster.transport_socket ?? undefined;
  if (matches.length === 0 && own === undefined) return { tls: plaintext };
  const says = fromStruct(metadata?.filter_metadata?.[matchKey] ?? undefined);
  const index = matches.findIndex(({ match }) =>
    Object.entries(fromStruct(match ?? undefined)).every(([key, value]) => deepEqual(says[key], value)),
  );
  const chosen = matches[index];
  const tls = tlsOf(chosen ? chosen.transport_socket : own);
  const why = chosen
    ? `the endpoint says ${JSON.stringify(says)}, which ${chosen.name ?? 'the match'} takes`
    : 'the cluster says so for all endpoints';
  const at = placeOf('cluster', cluster.name ?? '', chosen ? ['transport_socket_matches', index] : ['transport_socket'], cluster.metadata);
  return { tls, step: stepOf({ stage: 'TLS to upstream', chosen: describe(tls), why, at }) };
}

export function tlsOf(socket: TransportSocket | null | undefined): UpstreamTls {
  const context = messageOf<UpstreamTlsContext>(socket?.typed_config, tlsType);
  if (context === undefined) return typeOf(socket?.typed_config).includes('.tls.') ? { mode: 'tls' } : plaintext;
  const { common_tls_context: common, sni } = context;
  const certificates = [...(common?.tls_certificate_sds_secret_configs ?? []), ...(common?.tls_certificates ?? [])];
  return {
    mode: certificates.length > 0 ? 'mutual' : 'tls',
    ...(sni && { sni }),
    ...((common?.alpn_protocols ?? []).length > 0 && { alpn: common?.alpn_protocols ?? [] }),
  };
}

function describe({ mode, sni }: UpstreamTls): string {
  const name = { plaintext: 'plain text', tls: 'TLS', mutual: 'mutual TLS' }[mode];
  return sni === undefined ? name : `${name} to ${sni}`;
}
