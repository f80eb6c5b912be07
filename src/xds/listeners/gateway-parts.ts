import { credentialSecret } from '../clusters/sds-secret-config.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import type { GatewayParts } from './gateway-listener.ts';

/** Interim. */
export const gatewayParts: GatewayParts = {
  httpFilters: ({ routeName, statPrefix }) => [
    {
      name: 'envoy.filters.network.http_connection_manager',
      typed_config: typedConfig('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
        stat_prefix: statPrefix,
        rds: { route_config_name: routeName, config_source: { ads: {}, resource_api_version: 'V3' } },
        use_remote_address: { value: true },
        http_filters: [{ name: 'envoy.filters.http.router', typed_config: typedConfig('envoy.extensions.filters.http.router.v3.Router') }],
      }),
    },
  ],
  tlsContext: ({ tls }) => ({
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_certificate_sds_secret_configs: [credentialSecret(tls?.credentialName ?? '', 'certificate')],
    },
    require_client_certificate: { value: tls?.mode === 'MUTUAL' || tls?.mode === 'ISTIO_MUTUAL' },
  }),
};
