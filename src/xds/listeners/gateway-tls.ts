import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import { buildServerTlsContext } from './downstream-tls.ts';
import { namesExternalSecrets, withExternalSecrets } from './external-secrets.ts';
import type { GatewayWorld } from './gateway-world.ts';

/** TLS as it ends at a server; undefined: its certificate cannot be had, and the server must be left out. */
export function gatewayTlsContext({ tls, port }: MergedServer, world: GatewayWorld): DownstreamTlsContext | undefined {
  if (tls === undefined) return undefined;
  const { settings, scope } = world;
  const context = buildServerTlsContext({ tls, settings, scope, isTcp: port.protocol !== 'HTTPS' });
  if (context === undefined || !namesExternalSecrets(tls)) return context;
  const from = world.externalSecrets();
  if (from === 'nobody') return undefined;
  return from === 'ours' ? context : withExternalSecrets(context, tls, from);
}
