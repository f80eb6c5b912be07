import type { CommonTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CommonTlsContext.ts';
import type { UpstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/UpstreamTlsContext.ts';
import type { ClientTls } from '../../mesh/traffic-policy/traffic-policy.ts';
import { type ClusterDraft, httpOptions, isHttp2Cluster } from './cluster-draft.ts';
import { agentSecret, credentialSecret } from './sds-secret-config.ts';
import { exactNames, type UpstreamTlsInput } from './upstream-tls-input.ts';

/**
 * TLS or mutual TLS with certificates that are not the mesh's (modes SIMPLE and MUTUAL). Undefined where it cannot be: a
 * sidecar must not fetch a credentialName of a rule without workloadSelector, and MUTUAL needs certificate and key.
 */
export function originatedTls(draft: ClusterDraft, tls: ClientTls, input: UpstreamTlsInput): UpstreamTlsContext | undefined {
  const { scope, service, settings, serviceAccounts } = input;
  const credential = tls.credentialName ?? '';
  const isSecret = credential !== '' && !credential.startsWith('configmap://');
  if (isSecret && scope.role === 'sidecar' && !input.isForSelectedWorkloads) return undefined;
  if (credential === '' && tls.mode === 'MUTUAL' && (!tls.clientCertificate || !tls.privateKey)) return undefined;
  applyAutoSni(draft, tls);
  const own = tls.subjectAltNames ?? [];
  const names = own.length === 0 && service.provider === 'External' ? serviceAccounts : own;
  const defaults = settings.config.tlsDefaults;
  const common: CommonTlsContext = {
    tls_params: {
      tls_minimum_protocol_version: 'TLSv1_2',
      tls_maximum_protocol_version: 'TLSv1_3',
      ...(defaults?.cipherSuites?.length ? { cipher_suites: [...defaults.cipherSuites] } : {}),
      ...(defaults?.ecdhCurves?.length ? { ecdh_curves: [...defaults.ecdhCurves] } : {}),
    },
    ...(isHttp2Cluster(draft) ? { alpn_protocols: ['h2'] } : {}),
    ...(credential === '' ? fromFiles(tls, names) : fromCredential(tls, credential, names)),
  };
  return { common_tls_context: common, ...(tls.sni ? { sni: tls.sni } : {}) };
}

/** Certificates that SDS knows by the name in `credentialName`. */
function fromCredential(tls: ClientTls, credential: string, names: readonly string[]): CommonTlsContext {
  return {
    ...(tls.mode === 'MUTUAL' ? { tls_certificate_sds_secret_configs: [credentialSecret(credential, 'certificate')] } : {}),
    ...(tls.insecureSkipVerify === true
      ? {}
      : {
          combined_validation_context: {
            default_validation_context: { match_subject_alt_names: exactNames(names) },
            validation_context_sds_secret_config: credentialSecret(credential, 'root'),
          },
        }),
  };
}

/** Certificates in files beside the proxy: the agent serves and rotates them, under names made of their paths. */
function fromFiles(tls: ClientTls, names: readonly string[]): CommonTlsContext {
  const certificate = tls.mode === 'MUTUAL' ? [agentSecret(`file-cert:${tls.clientCertificate}~${tls.privateKey}`)] : [];
  return {
    ...(certificate.length > 0 ? { tls_certificate_sds_secret_configs: certificate } : {}),
    ...(tls.insecureSkipVerify === true
      ? { validation_context: {} }
      : {
          combined_validation_context: {
            default_validation_context: {
              match_subject_alt_names: exactNames(names),
              ...(tls.caCrl ? { crl: { filename: tls.caCrl } } : {}),
            },
            validation_context_sds_secret_config: agentSecret(`file-root:${tls.caCertificates || 'system'}`),
          },
        }),
  };
}

/** Without a fixed SNI, that of the request; and then its certificate must carry that name, unless names are given. */
export function applyAutoSni(draft: ClusterDraft, tls: ClientTls): void {
  const autoSni = !tls.sni;
  const hasNames = (tls.subjectAltNames ?? []).length > 0;
  const checksNames = tls.insecureSkipVerify !== true && (draft.isDynamicForwardProxy || (autoSni && !hasNames));
  if (!autoSni && !checksNames) return;
  httpOptions(draft).upstream_http_protocol_options = {
    ...(autoSni ? { auto_sni: true } : {}),
    ...(checksNames ? { auto_san_validation: true } : {}),
  };
}
