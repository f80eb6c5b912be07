import type { SocketAddress } from '../../envoy/generated/envoy/config/core/v3/SocketAddress.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';

/** The source addresses that istio-iptables lets pass to the application, so that inbound traffic does not loop. */
const ipv4Source: SocketAddress = { address: '127.0.0.6', port_value: 0 };
const ipv6Source: SocketAddress = { address: '::6', port_value: 0 };

/** Per address family of the proxy; the second family only where dual stack is switched on. */
export function passthroughSources(scope: OutboundScope, settings: MeshSettings): readonly [SocketAddress, ...SocketAddress[]] {
  const { ipv4, ipv6 } = scope.features;
  if (!ipv4) return [ipv6Source];
  return ipv6 && settings.flags.ISTIO_DUAL_STACK ? [ipv4Source, ipv6Source] : [ipv4Source];
}

/** Of the inbound catch-all, which serves both families of a proxy that has both, whatever the switch says. */
export function catchAllSources(scope: OutboundScope): readonly [SocketAddress, ...SocketAddress[]] {
  const { ipv4, ipv6 } = scope.features;
  if (!ipv4) return [ipv6Source];
  return ipv6 ? [ipv4Source, ipv6Source] : [ipv4Source];
}
