import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';
import { allowAnyDynamicDnsCluster, passthroughCluster } from '../names.ts';
import { destinationCluster } from './destination-cluster.ts';
import { proxyHeadersOf } from './proxy-headers.ts';
import { noTimeout } from './route-timeouts.ts';

/** What happens to requests for hosts nobody knows: the mesh's rule, or that of the proxy's Sidecar. */
export interface UnknownHostPolicy {
  readonly mode?: 'REGISTRY_ONLY' | 'ALLOW_ANY' | 'ALLOW_ANY_DYNAMIC_DNS';
  /** With ALLOW_ANY: where such requests go instead of straight on. */
  readonly egressProxy?: Destination;
}

/** The virtual host `*` at the end of a sidecar's table; a policy that names no mode is REGISTRY_ONLY, the enum's zero. */
export function buildCatchAllVirtualHost(
  settings: MeshSettings,
  policy: UnknownHostPolicy = settings.config.outboundTrafficPolicy ?? {},
): VirtualHost {
  const { includeRequestAttemptCount, appendXForwardedHost } = proxyHeadersOf(settings);
  const forwardedHost = appendXForwardedHost ? ({ append_x_forwarded_host: true } as const) : {};
  const [name, action] = catchAllAction(policy);
  const route: Route = { name, match: { prefix: '/' }, ...action };
  if (route.route) route.route = { ...route.route, ...forwardedHost };
  return {
    name,
    domains: ['*'],
    routes: [route],
    ...(includeRequestAttemptCount && { include_request_attempt_count: true }),
  };
}

function catchAllAction(policy: UnknownHostPolicy): readonly [string, Pick<Route, 'route' | 'direct_response'>] {
  switch (policy.mode ?? 'REGISTRY_ONLY') {
    case 'REGISTRY_ONLY':
      return ['block_all', { direct_response: { status: 502 } }];
    case 'ALLOW_ANY_DYNAMIC_DNS':
      return ['allow_any_dynamic_dns', forwardTo(allowAnyDynamicDnsCluster)];
    case 'ALLOW_ANY':
      return [
        'allow_any',
        forwardTo(policy.egressProxy === undefined ? passthroughCluster : destinationCluster(policy.egressProxy, undefined, 0)),
      ];
  }
}

function forwardTo(cluster: string): Pick<Route, 'route'> {
  return { route: { cluster, timeout: noTimeout, max_grpc_timeout: noTimeout } };
}
