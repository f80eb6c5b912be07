import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import type { CertificateValidationContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CertificateValidationContext.ts';
import type { CommonTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CommonTlsContext.ts';
import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';
import { agentSecret, credentialSecret, workloadCertificate, workloadRoot } from '../clusters/sds-secret-config.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { exactNames } from '../clusters/upstream-tls-input.ts';
import { inboundTlsParameters, serverTlsParameters } from './tls-parameters.ts';

type TlsScope = Pick<OutboundScope, 'features'>;

const httpProtocols = ['h2', 'http/1.1'];
/** Peers exchange metadata under the first one. */
const tcpProtocols = ['istio-peer-exchange', ...httpProtocols];

export function downstreamTlsSocket(context: DownstreamTlsContext): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typedConfig('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', context),
  };
}

/**
 * The receiving end of the mesh's mutual TLS, for the HTTP or the TCP chains of a port (Istio `BuildInboundTLS`): the
 * workload's certificate, and clients whose SPIFFE identity is of one of the mesh's trust domains.
 */
export function buildInboundMtlsContext(kind: 'http' | 'tcp', settings: MeshSettings, scope: TlsScope): DownstreamTlsContext {
  return {
    common_tls_context: {
      alpn_protocols: kind === 'tcp' && exchangesMetadata(settings, scope) ? [...tcpProtocols] : [...httpProtocols],
      tls_params: inboundTlsParameters(settings),
      tls_certificate_sds_secret_configs: [agentSecret(workloadCertificate)],
      combined_validation_context: {
        default_validation_context: {
          match_subject_alt_names: trustDomains(settings).map((domain) => ({ prefix: `spiffe://${domain}/` })),
        },
        validation_context_sds_secret_config: agentSecret(workloadRoot),
      },
    },
    require_client_certificate: { value: true },
  };
}

export interface ServerTlsInput {
  readonly tls: ServerTlsSettings;
  readonly settings: MeshSettings;
  readonly scope: TlsScope;
  /** A gateway's server that ends TLS and hands on a byte stream: with ISTIO_MUTUAL its peers exchange metadata. */
  readonly isTcp?: boolean;
}

/**
 * TLS as a Gateway's server or a Sidecar's ingress listener asks for it (Istio `BuildListenerTLSContext`). Undefined where
 * TLS does not end here (PASSTHROUGH, AUTO_PASSTHROUGH), and for ISTIO_MUTUAL where the proxy has no certificate of the
 * mesh: such a server must be left out.
 */
export function buildServerTlsContext({ tls, settings, scope, isTcp = false }: ServerTlsInput): DownstreamTlsContext | undefined {
  const mode = tls.mode ?? 'PASSTHROUGH';
  if (mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH') return undefined;
  const isOfMesh = mode === 'ISTIO_MUTUAL';
  if (isOfMesh && !scope.features.workloadCertificates) return undefined;
  const hasCredential = Boolean(tls.credentialName) || (tls.credentialNames ?? []).length > 0;
  const secrets = isOfMesh || !hasCredential ? fromAgent(tls, mode) : fromCredentials(tls, mode);
  const params = isOfMesh ? undefined : serverTlsParameters(tls, settings);
  const peersExchange = isOfMesh && isTcp && exchangesMetadata(settings, scope);
  return {
    common_tls_context: {
      alpn_protocols: peersExchange ? [...tcpProtocols] : [...httpProtocols],
      ...(params && { tls_params: params }),
      ...secrets,
    },
    require_client_certificate: { value: mode === 'MUTUAL' || isOfMesh },
  };
}

type TerminatingMode = Exclude<NonNullable<ServerTlsSettings['mode']>, 'PASSTHROUGH' | 'AUTO_PASSTHROUGH'>;

/** The workload's own certificate, or files beside the proxy, which the agent serves and rotates. */
function fromAgent(tls: ServerTlsSettings, mode: TerminatingMode): CommonTlsContext {
  const isOfMesh = mode === 'ISTIO_MUTUAL';
  const pairs = isOfMesh ? [] : (tls.tlsCertificates ?? []).length > 0 ? (tls.tlsCertificates ?? []) : [tls];
  const files = pairs.flatMap(({ serverCertificate, privateKey }) =>
    serverCertificate && privateKey ? [`file-cert:${serverCertificate}~${privateKey}`] : [],
  );
  const names = files.length > 0 ? files : [workloadCertificate];
  const root = !isOfMesh && tls.caCertificates ? `file-root:${tls.caCertificates}` : workloadRoot;
  return {
    tls_certificate_sds_secret_configs: names.map((name) => agentSecret(name)),
    ...(mode !== 'SIMPLE' && {
      combined_validation_context: {
        default_validation_context: {
          match_subject_alt_names: exactNames(tls.subjectAltNames ?? []),
          ...(tls.caCrl && { crl: { filename: tls.caCrl } }),
          ...trustChain(tls),
        },
        validation_context_sds_secret_config: agentSecret(root),
      },
    }),
  };
}

/** Secrets that the control plane serves; of several the first one's CA counts, unless a CA is named. */
function fromCredentials(tls: ServerTlsSettings, mode: TerminatingMode): CommonTlsContext {
  const several = tls.credentialNames ?? [];
  const names = several.length > 0 ? several : [tls.credentialName ?? ''];
  const certificates = { tls_certificate_sds_secret_configs: names.map((name) => credentialSecret(name, 'certificate')) };
  const subjects = exactNames(tls.subjectAltNames ?? []);
  if (mode === 'SIMPLE') {
    return { ...certificates, ...(subjects.length > 0 && { validation_context: { match_subject_alt_names: subjects } }) };
  }
  const root = tls.caCertCredentialName
    ? credentialSecret(tls.caCertCredentialName, 'certificate')
    : credentialSecret(names[0] ?? '', 'root');
  return {
    ...certificates,
    combined_validation_context: {
      default_validation_context: {
        match_subject_alt_names: subjects,
        ...(tls.verifyCertificateSpki && { verify_certificate_spki: [...tls.verifyCertificateSpki] }),
        ...(tls.verifyCertificateHash && { verify_certificate_hash: [...tls.verifyCertificateHash] }),
        ...trustChain(tls),
      },
      validation_context_sds_secret_config: root,
    },
  };
}

function trustChain(tls: ServerTlsSettings): CertificateValidationContext {
  return tls.insecureSkipVerify === true ? { trust_chain_verification: 'ACCEPT_UNTRUSTED' } : {};
}

function exchangesMetadata(settings: MeshSettings, scope: TlsScope): boolean {
  return settings.flags.PILOT_ENABLE_METADATA_EXCHANGE && scope.features.istioExtensions;
}

/** The mesh's own, its former names, and those of CAs that it trusts beside its own. */
function trustDomains({ trustDomain, config }: MeshSettings): readonly string[] {
  const foreign = (config.caCertificates ?? []).flatMap((ca) => ca.trustDomains ?? []);
  return [...new Set([trustDomain, ...(config.trustDomainAliases ?? []), ...foreign])].filter((domain) => domain !== '');
}
