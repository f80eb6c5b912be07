import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { buildHttpConnectionManager } from '../filters/http-connection-manager.ts';
import { filtersBeforeHttp } from '../filters/network-filters.ts';
import { listenerName } from '../names.ts';
import { additionalAddresses, listenerAddress, loopbackAddresses } from './listener-addresses.ts';
import type { OutboundWorld } from './outbound-entry.ts';

/** The table of all services on all ports. */
export const httpProxyRouteName = 'http_proxy';

/** An HTTP proxy for applications that are told to use one (Istio `buildHTTPProxy`). Undefined where the scope has none. */
export function buildHttpProxyListener(
  input: Pick<OutboundWorld, 'context' | 'httpPolicies'> & { readonly port: number | undefined },
): Listener | undefined {
  const { context, httpPolicies, port } = input;
  if (port === undefined) return undefined;
  const [address, ...others] = loopbackAddresses(context.scope);
  const name = listenerName(address, port);
  const manager = buildHttpConnectionManager({
    context,
    statPrefix: `outbound_${name};`,
    routes: httpProxyRouteName,
    protocol: 'HTTP_PROXY',
    port,
    isHttpProxy: true,
    ...(httpPolicies && { policies: httpPolicies }),
  });
  return {
    name,
    address: listenerAddress(address, port),
    ...additionalAddresses(others, port),
    traffic_direction: 'OUTBOUND',
    continue_on_listener_filters_timeout: true,
    max_connections_to_accept_per_socket_event: { value: 1 },
    listener_filters_timeout: { seconds: '0', nanos: 0 },
    filter_chains: [
      { filters: [...filtersBeforeHttp(context, port), manager], transport_socket_connect_timeout: { seconds: '15', nanos: 0 } },
    ],
  };
}
