import { allowAnyDnsCache, dnsCacheOf, isDynamicForwardProxy } from '../clusters/dynamic-forward-proxy.ts';
import type { FilterContext, ForwardedService } from './listener-class.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

const httpFilter = 'envoy.filters.http.dynamic_forward_proxy';
const httpConfig = 'envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig';

/** Whether hosts that nobody knows are resolved by name: as the Sidecar says, else the mesh. Gateways never do that. */
export function resolvesUnknownHosts({ class: listenerClass, outboundPolicy, settings }: FilterContext): boolean {
  const { mode } = outboundPolicy ?? settings.config.outboundTrafficPolicy ?? {};
  return listenerClass === 'sidecar-outbound' && mode === 'ALLOW_ANY_DYNAMIC_DNS';
}

/**
 * What resolves the host of a request, with the DNS cache of the cluster that the request goes to: for a wildcard service,
 * and for hosts that nobody knows. The latter on every listener, as every route table ends with them.
 */
export function httpForwardProxies(context: FilterContext, service: ForwardedService | undefined): readonly TypedFilter[] {
  const { scope, settings } = context;
  if (context.class !== 'sidecar-outbound') return [];
  return [
    ...(service !== undefined && isDynamicForwardProxy(service)
      ? [typedFilter(httpFilter, httpConfig, { dns_cache_config: dnsCacheOf(service, scope, settings) })]
      : []),
    ...(resolvesUnknownHosts(context)
      ? [typedFilter(httpFilter, httpConfig, { dns_cache_config: allowAnyDnsCache(scope, settings) })]
      : []),
  ];
}

/** The same for TLS, by the server name that the client asks for. */
export function sniForwardProxy(context: FilterContext, service: ForwardedService | undefined, port: number): readonly TypedFilter[] {
  if (context.class !== 'sidecar-outbound' || service === undefined || !isDynamicForwardProxy(service)) return [];
  return [
    typedFilter(sniForwardProxyName, 'envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig', {
      dns_cache_config: dnsCacheOf(service, context.scope, context.settings),
      port_value: port,
    }),
  ];
}

export const sniForwardProxyName = 'envoy.extensions.filters.network.sni_dynamic_forward_proxy';
