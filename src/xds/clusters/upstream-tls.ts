import type { CommonTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CommonTlsContext.ts';
import type { UpstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/UpstreamTlsContext.ts';
import type { ClientTls } from '../../mesh/traffic-policy/traffic-policy.ts';
import { type ClusterDraft, isHttp2Cluster } from './cluster-draft.ts';
import { applyAutoSni, originatedTls } from './originated-tls.ts';
import { agentSecret, workloadCertificate, workloadRoot } from './sds-secret-config.ts';
import { autoMutualTlsMatches, tlsSocket } from './transport-sockets.ts';
import { exactNames, type UpstreamTlsInput } from './upstream-tls-input.ts';

/**
 * The transport sockets of an outbound cluster. A `tls` block decides for all endpoints; without one, automatic mutual TLS
 * asks each endpoint's metadata, except behind ORIGINAL_DST, where there is no endpoint to ask and all of them have a
 * sidecar. A proxy without workload certificates speaks plain text where others would use Istio's mutual TLS.
 */
export function applyUpstreamTls(draft: ClusterDraft, tls: ClientTls | undefined, input: UpstreamTlsInput): void {
  const { cluster } = draft;
  const hasCertificates = input.scope.features.workloadCertificates;
  if (tls === undefined) {
    if (!input.isAutoAllowed || !hasCertificates) return;
    const socket = tlsSocket(istioMutual(draft, {}, input));
    if (cluster.type === 'ORIGINAL_DST') cluster.transport_socket = socket;
    else cluster.transport_socket_matches = autoMutualTlsMatches(socket);
    return;
  }
  const context = contextOf(draft, tls, input, hasCertificates);
  if (context !== undefined) cluster.transport_socket = tlsSocket(context);
}

function contextOf(draft: ClusterDraft, tls: ClientTls, input: UpstreamTlsInput, hasCertificates: boolean): UpstreamTlsContext | undefined {
  switch (tls.mode ?? 'DISABLE') {
    case 'ISTIO_MUTUAL':
      return hasCertificates ? istioMutual(draft, tls, input) : undefined;
    case 'SIMPLE':
    case 'MUTUAL':
      return originatedTls(draft, tls, input);
    case 'DISABLE':
      return undefined;
  }
}

/** Mutual TLS with the workload's own certificate, and an ALPN by which the other side knows a mesh peer. */
function istioMutual(draft: ClusterDraft, tls: ClientTls, { serviceAccounts, sni, settings, scope }: UpstreamTlsInput): UpstreamTlsContext {
  const fallback = draft.isDynamicForwardProxy ? '' : draft.cluster.name;
  const serverName = tls.sni || sni || fallback;
  if (draft.isDynamicForwardProxy) applyAutoSni(draft, tls);
  const exchangesMetadata = settings.flags.PILOT_ENABLE_METADATA_EXCHANGE && scope.features.istioExtensions;
  const common: CommonTlsContext = {
    tls_params: { tls_minimum_protocol_version: 'TLSv1_2', tls_maximum_protocol_version: 'TLSv1_3' },
    alpn_protocols: [...(exchangesMetadata ? ['istio-peer-exchange'] : []), 'istio', ...(isHttp2Cluster(draft) ? ['h2'] : [])],
    tls_certificate_sds_secret_configs: [agentSecret(workloadCertificate)],
    combined_validation_context: {
      default_validation_context: { match_subject_alt_names: exactNames(tls.subjectAltNames ?? serviceAccounts) },
      validation_context_sds_secret_config: agentSecret(workloadRoot),
    },
  };
  return { common_tls_context: common, ...(serverName === '' ? {} : { sni: serverName }) };
}
