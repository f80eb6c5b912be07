import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { ConsistentHashLb } from '../../schema/destination-rule/load-balancer.ts';
import { outboundClusterName } from '../names.ts';
import { buildHashPolicy } from './hash-policy.ts';
import { buildInboundRetryPolicy, buildRetryPolicy } from './retry-policy.ts';
import { traceOperation } from './route-operation.ts';
import { buildTimeouts, noTimeout } from './route-timeouts.ts';

/** Name of every route that no VirtualService makes. */
const defaultRouteName = 'default';

/**
 * The one route of a service that no VirtualService speaks for: everything to its cluster, with the mesh's retries and
 * the hash of its DestinationRule. Retries leave the host even then, as istiod has it (`BuildDefaultHTTPOutboundRoute`).
 */
export function buildDefaultRoutes(
  hostname: string,
  port: number,
  hash: ConsistentHashLb | undefined,
  settings: Pick<MeshSettings, 'config'>,
): Route[] {
  const retryPolicy = buildRetryPolicy(settings.config.defaultHttpRetryPolicy, false);
  const hashPolicy = buildHashPolicy(hash);
  return [
    {
      name: defaultRouteName,
      match: { prefix: '/' },
      route: {
        cluster: outboundClusterName(port, '', hostname),
        ...buildTimeouts(undefined, 'sidecar'),
        ...(retryPolicy && { retry_policy: retryPolicy }),
        ...(hashPolicy && { hash_policy: [hashPolicy] }),
      },
      decorator: { operation: traceOperation(hostname, port) },
    },
  ];
}

export interface InboundRouteInput {
  readonly clusterName: string;
  /** Host and port of the service that the chain is for; they name spans. */
  readonly hostname: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Everything to the application, without any timeout. gRPC streams cannot be repeated safely, so they are not retried. */
export function buildInboundRoute(input: InboundRouteInput): Route {
  const isGrpc = input.protocol === 'GRPC' || input.protocol === 'GRPC-Web';
  const retryPolicy = isGrpc ? undefined : buildInboundRetryPolicy(undefined);
  return {
    name: defaultRouteName,
    match: { prefix: '/' },
    route: {
      cluster: input.clusterName,
      timeout: noTimeout,
      max_stream_duration: { max_stream_duration: noTimeout, grpc_timeout_header_max: noTimeout },
      ...(retryPolicy && { retry_policy: retryPolicy }),
    },
    decorator: { operation: traceOperation(input.hostname, input.port) },
  };
}
