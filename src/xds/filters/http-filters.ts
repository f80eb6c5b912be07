import type { Protocol } from '../../model/protocol.ts';
import { type ExtensionFilter, httpExtensions } from '../extensions/extension-filters.ts';
import { peerHeaderFilters } from '../metrics/peer-header.ts';
import { corsFilterName } from '../routes/cors-filter.ts';
import { faultFilterName } from '../routes/fault-filter.ts';
import { statefulSessionName } from '../routes/stateful-session.ts';
import { httpForwardProxies } from './forward-proxy-filter.ts';
import type { FilterContext, ForwardedService } from './listener-class.ts';
import { httpPeerMetadata } from './peer-metadata.ts';
import { statsFilters } from './stats-filter.ts';
import { type TypedFilter, typedFilter } from './typed-filter.ts';

/** HTTP filters that policies contribute, each at its place in the chain. */
export interface HttpPolicyFilters {
  /** AuthorizationPolicy with action CUSTOM. */
  readonly customAuthorization?: readonly TypedFilter[];
  /** RequestAuthentication; never at outbound listeners. */
  readonly jwt?: readonly TypedFilter[];
  readonly authorization?: readonly TypedFilter[];
}

export interface HttpFilterInput {
  readonly context: FilterContext;
  readonly protocol: Protocol;
  /** By which extensions tell listeners apart: the workload's own port inbound, else the listener's. */
  readonly port: number;
  /** The service that the listener is for, if it is for one alone. */
  readonly service?: ForwardedService;
  readonly policies?: HttpPolicyFilters;
}

/** The HTTP filters of a listener. Their order is that of the array, and Istio's (`buildHTTPConnectionManager`). */
export function httpFilters({ context, protocol, port, service, policies = {} }: HttpFilterInput): ExtensionFilter[] {
  const { settings } = context;
  const isInbound = context.class === 'sidecar-inbound';
  const overridesAlpn = !isInbound && settings.flags.PILOT_ENABLE_ALPN_FILTER && context.scope.features.istioExtensions;
  const extensions = httpExtensions(context, port);
  const steps: readonly (readonly ExtensionFilter[] | undefined)[] = [
    httpPeerMetadata(context),
    peerHeaderFilters(context),
    policies.customAuthorization,
    extensions.AUTHN,
    policies.jwt,
    extensions.AUTHZ,
    policies.authorization,
    extensions.STATS,
    extensions.UNSPECIFIED,
    protocol === 'GRPC-Web' ? [typedFilter('envoy.filters.http.grpc_web', 'envoy.extensions.filters.http.grpc_web.v3.GrpcWeb')] : [],
    [grpcStats],
    overridesAlpn ? [alpn] : [],
    [typedFilter(faultFilterName, 'envoy.extensions.filters.http.fault.v3.HTTPFault')],
    [typedFilter(corsFilterName, 'envoy.extensions.filters.http.cors.v3.Cors')],
    statsFilters(context),
    !isInbound && settings.flags.PILOT_ENABLE_PERSISTENT_SESSION_FILTER ? [statefulSession] : [],
    httpForwardProxies(context, service),
    [router(settings.config.defaultConfig?.proxyHeaders?.envoyDebugHeaders?.disabled === true)],
  ];
  return steps.flatMap((filters) => filters ?? []);
}

const grpcStats = typedFilter('envoy.filters.http.grpc_stats', 'envoy.extensions.filters.http.grpc_stats.v3.FilterConfig', {
  emit_filter_state: true,
  stats_for_all_methods: { value: false },
});

/** Routes and virtual hosts say by what sessions are told; without that it does nothing. */
const statefulSession = typedFilter(statefulSessionName, 'envoy.extensions.filters.http.stateful_session.v3.StatefulSession');

/**
 * Mutual TLS says in its ALPN which HTTP version is inside, so that the other side finds the right chain. The plain names
 * come last, for servers outside the mesh: the filter does not know yet where a request goes.
 */
const alpn = typedFilter('istio.alpn', 'istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig', {
  alpn_override: [
    { upstream_protocol: 'HTTP10', alpn_override: ['istio-http/1.0', 'istio', 'http/1.0'] },
    { upstream_protocol: 'HTTP11', alpn_override: ['istio-http/1.1', 'istio', 'http/1.1'] },
    { upstream_protocol: 'HTTP2', alpn_override: ['istio-h2', 'istio', 'h2'] },
  ],
});

function router(suppressesDebugHeaders: boolean): TypedFilter {
  const config = suppressesDebugHeaders ? { suppress_envoy_headers: true } : {};
  return typedFilter('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', config);
}
