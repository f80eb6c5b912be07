import type { ConfigSource } from '../../envoy/generated/envoy/config/core/v3/ConfigSource.ts';
import type { SdsSecretConfig } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/SdsSecretConfig.ts';

/** The workload's own certificate, from the agent. */
export const workloadCertificate = 'default';
/** The roots that the workload trusts, from the agent. */
export const workloadRoot = 'ROOTCA';

/** A secret that the proxy's agent serves over its SDS socket; without a first-fetch timeout for the workload's own. */
export function agentSecret(name: string, cluster: 'sds-grpc' | 'sds-files-grpc' | 'sds-external' = 'sds-grpc'): SdsSecretConfig {
  const isOwn = name === workloadCertificate || name === workloadRoot;
  return {
    name,
    sds_config: {
      api_config_source: {
        api_type: 'GRPC',
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: cluster } }],
      },
      resource_api_version: 'V3',
      ...(isOwn ? { initial_fetch_timeout: { seconds: '0', nanos: 0 } } : {}),
    },
  };
}

const ads: ConfigSource = { ads: {}, resource_api_version: 'V3' };

/**
 * A secret that a `credentialName` names: `kubernetes://name` over ADS, where ours answers; `builtin://` means the
 * workload's own certificate. Envoy's first-fetch timeout stays, as such a secret may not exist.
 */
export function credentialSecret(credentialName: string, part: 'certificate' | 'root'): SdsSecretConfig {
  if (credentialName === 'builtin://') return agentSecret(part === 'root' ? workloadRoot : workloadCertificate);
  if (credentialName.startsWith('invalid://')) return { name: 'invalid://', sds_config: ads };
  const name = `${credentialName.replace(/^sds:\/\//, '')}${part === 'root' ? '-cacert' : ''}`;
  const isTyped = /^(kubernetes|configmap|kubernetes-gateway):\/\//.test(name);
  return { name: isTyped ? name : `kubernetes://${name}`, sds_config: ads };
}
