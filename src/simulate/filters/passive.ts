import { typeOf } from '../any-message.ts';
import type { FilterEvaluator } from './http-filter.ts';

/** Filters that neither answer nor change where a request goes. */
export const passiveFilters: FilterEvaluator = {
  types: [
    'envoy.extensions.filters.http.grpc_stats.v3.FilterConfig',
    'envoy.extensions.filters.http.grpc_web.v3.GrpcWeb',
    'envoy.extensions.filters.http.grpc_http1_bridge.v3.Config',
    'envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig',
    'envoy.extensions.filters.http.on_demand.v3.OnDemand',
    'envoy.extensions.filters.http.set_filter_state.v3.Config',
    'envoy.extensions.filters.http.header_to_metadata.v3.Config',
    'envoy.extensions.filters.http.compressor.v3.Compressor',
    'envoy.extensions.filters.http.decompressor.v3.Decompressor',
    'envoy.extensions.filters.http.router.v3.Router',
    'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig',
    'io.istio.http.peer_metadata.Config',
    'stats.PluginConfig',
  ],
  evaluate: () => ({}),
};

/** Filters that may answer by what is not known here: how many requests there were, what somebody else says. */
export const askingFilters: FilterEvaluator = {
  types: [
    'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
    'envoy.extensions.filters.http.ratelimit.v3.RateLimit',
    'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz',
    'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication',
    'envoy.extensions.filters.http.stateful_session.v3.StatefulSession',
  ],
  evaluate: ({ config, perRoute }) => {
    const notes = [remarks[typeOf(config)] ?? ''];
    return isIdle(typeOf(config), config, perRoute) ? {} : { why: 'not evaluated', notes };
  },
};

const remarks: Readonly<Record<string, string>> = {
  'envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit': 'it may answer 429 when there are too many requests',
  'envoy.extensions.filters.http.ratelimit.v3.RateLimit': 'the rate limit service may have it answer 429',
  'envoy.extensions.filters.http.ext_authz.v3.ExtAuthz': 'the authorization service may refuse the request',
  'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication': 'a token that is not valid is answered with 401',
  'envoy.extensions.filters.http.stateful_session.v3.StatefulSession': 'a request of a session goes to the endpoint of the session',
};

/** A local rate limit without a bucket limits nothing. */
function isIdle(type: string, ...configs: readonly (object | undefined)[]): boolean {
  return type.endsWith('.LocalRateLimit') && !configs.some((config) => config !== undefined && 'token_bucket' in config);
}
