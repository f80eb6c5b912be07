import type { RouteAction } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import { type Duration, parseDuration } from '../../lib/duration.ts';
import type { ProxyRole } from '../../model/proxy.ts';

/** Zero turns a timeout off; always said, or Envoy's 15 s would apply. */
export const noTimeout: Duration = { seconds: '0', nanos: 0 };

/**
 * Timeout of an outbound route, off unless the rule has one. Envoy takes gRPC's own timeout header up to
 * `max_grpc_timeout`, a deprecated field that Istio keeps on purpose; proxyless gRPC reads `max_stream_duration` only.
 */
export function buildTimeouts(
  timeout: string | undefined,
  role: ProxyRole,
): Pick<RouteAction, 'timeout' | 'max_grpc_timeout' | 'max_stream_duration'> {
  const chosen = (timeout === undefined ? undefined : parseDuration(timeout)) ?? noTimeout;
  if (role === 'grpc') return { timeout: chosen, max_stream_duration: { max_stream_duration: chosen } };
  return { timeout: chosen, max_grpc_timeout: chosen };
}
