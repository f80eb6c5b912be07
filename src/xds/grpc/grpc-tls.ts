import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import type { CommonTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CommonTlsContext.ts';
import { tlsSocket } from '../clusters/transport-sockets.ts';
import { exactNames } from '../clusters/upstream-tls-input.ts';

/** Names of Istio's certificate provider, which its agent writes into the client's bootstrap. */
const instance = 'default';
const ownCertificate = { instance_name: instance, certificate_name: 'default' };
const rootCertificates = { instance_name: instance, certificate_name: 'ROOTCA' };

/**
 * Mutual TLS with certificates of the client's own provider (gRFC A29), towards endpoints with one of these identities.
 * Said in the current fields and in those that clients before 1.66 read, as Istio does.
 */
export function grpcMutualTls(serviceAccounts: readonly string[]): TransportSocket {
  const context: CommonTlsContext = {
    tls_certificate_provider_instance: ownCertificate,
    tls_certificate_certificate_provider_instance: ownCertificate,
    combined_validation_context: {
      validation_context_certificate_provider_instance: rootCertificates,
      default_validation_context: {
        match_subject_alt_names: exactNames(serviceAccounts),
        ca_certificate_provider_instance: rootCertificates,
      },
    },
  };
  return tlsSocket({ common_tls_context: context });
}
