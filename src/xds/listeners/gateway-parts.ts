import { typedConfig } from '../clusters/typed-config.ts';
import { buildServerTlsContext } from './downstream-tls.ts';
import { namesExternalSecrets, withExternalSecrets } from './external-secrets.ts';
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
  tlsContext: ({ tls, port }, world) => {
    const { settings, scope } = world;
    if (tls === undefined) return undefined;
    const context = buildServerTlsContext({ tls, settings, scope, isTcp: port.protocol !== 'HTTPS' });
    if (context === undefined || !namesExternalSecrets(tls)) return context;
    const from = world.externalSecrets();
    if (from === 'nobody') return undefined;
    return from === 'ours' ? context : withExternalSecrets(context, tls, from);
  },
};
