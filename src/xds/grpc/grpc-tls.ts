import type { TransportSocket } from '../../envoy/generated/envoy/config/core/v3/TransportSocket.ts';
import type { CommonTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CommonTlsContext.ts';
import { tlsSocket } from '../clusters/transport-sockets.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { exactNames } from '../clusters/upstream-tls-input.ts';

/** Names of Istio's certificate provider, which its agent writes into the bootstrap. */
const instance = 'default';
const ownCertificate = { instance_name: instance, certificate_name: 'default' };
const rootCertificates = { instance_name: instance, certificate_name: 'ROOTCA' };

/** Mutual TLS of a client (gRFC A29), towards endpoints with one of these identities. */
export function grpcMutualTls(serviceAccounts: readonly string[]): TransportSocket {
  return tlsSocket({ common_tls_context: commonContext(serviceAccounts) });
}

/** Mutual TLS of a server: clients must show a certificate of the mesh; whose is left to authorization. */
export function grpcServerTls(): TransportSocket {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typedConfig('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
      common_tls_context: commonContext([]),
      require_client_certificate: { value: true },
    }),
  };
}

/** Said in the current fields and in those that gRPC before 1.66 reads, as Istio does. */
function commonContext(identities: readonly string[]): CommonTlsContext {
  return {
    tls_certificate_provider_instance: ownCertificate,
    tls_certificate_certificate_provider_instance: ownCertificate,
    combined_validation_context: {
      validation_context_certificate_provider_instance: rootCertificates,
      default_validation_context: {
        ...(identities.length > 0 && { match_subject_alt_names: exactNames(identities) }),
        ca_certificate_provider_instance: rootCertificates,
      },
    },
  };
}
