import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { SdsSecretConfig } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/SdsSecretConfig.ts';
import type { ServerTlsSettings } from '../../schema/parts/server-tls-settings.ts';

/** Where secrets `sds://name` come from, where that is neither the workload's agent nor this control plane. */
export interface ExternalSecrets {
  /** Envoy's cluster to ask. */
  readonly cluster: string;
  /** Host name to ask for; the agent's socket beside a gateway has none. */
  readonly authority?: string;
  /** A socket beside the gateway is asked by the whole name. */
  readonly keepsScheme: boolean;
}

const scheme = 'sds://';

/** Points the secrets whose names start with `sds://` to their own server; the others stay (Istio `ConstructSdsSecretConfigForCredential`). */
export function withExternalSecrets(context: DownstreamTlsContext, tls: ServerTlsSettings, from: ExternalSecrets): DownstreamTlsContext {
  const several = tls.credentialNames ?? [];
  const names = several.length > 0 ? several : [tls.credentialName ?? ''];
  const root = tls.caCertCredentialName || `${names[0] ?? ''}-cacert`;
  const common = context.common_tls_context ?? {};
  const validation = common.combined_validation_context;
  const secret = (name: string, other: SdsSecretConfig) => (name.startsWith(scheme) ? externalSecret(name, from) : other);
  const rootSecret = validation?.validation_context_sds_secret_config;
  return {
    ...context,
    common_tls_context: {
      ...common,
      tls_certificate_sds_secret_configs: (common.tls_certificate_sds_secret_configs ?? []).map((other, index) =>
        secret(names[index] ?? '', other),
      ),
      ...(validation &&
        rootSecret && { combined_validation_context: { ...validation, validation_context_sds_secret_config: secret(root, rootSecret) } }),
    },
  };
}

/** Whether a server's certificates come from a server of their own. */
export function namesExternalSecrets(tls: ServerTlsSettings): boolean {
  return [tls.credentialName, tls.caCertCredentialName, ...(tls.credentialNames ?? [])].some((name) => name?.startsWith(scheme));
}

function externalSecret(name: string, { cluster, authority, keepsScheme }: ExternalSecrets): SdsSecretConfig {
  return {
    name: keepsScheme ? name : name.slice(scheme.length),
    sds_config: {
      api_config_source: {
        api_type: 'GRPC',
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: cluster, ...(authority !== undefined && { authority }) } }],
      },
      resource_api_version: 'V3',
    },
  };
}
