import type { MeshSettings } from '../../mesh/settings.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';

/** The first Envoy, and the first istio-proxy built on such a one, that take virtual hosts over the stream of ADS: older ones refuse the table. */
const envoySince = [1, 38] as const;
const istioSince = [1, 30] as const;

/**
 * Whether the virtual hosts of route tables go to the proxy as resources of their own (VHDS). Only Envoy knows how, only in the
 * delta variant, and only recent ones over ADS; one that does not state any version is sent whole tables.
 */
export function takesVirtualHosts(proxy: ProxyNode, variant: 'sotw' | 'delta', settings: MeshSettings): boolean {
  if (variant !== 'delta' || !settings.flags.COXSWAIN_VHDS) return false;
  if (proxy.role === 'grpc' || proxy.role === 'ztunnel') return false;
  if (proxy.envoyVersion !== '') return isAtLeast(proxy.envoyVersion, envoySince);
  return isAtLeast(proxy.istioVersion, istioSince);
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor, ownMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (ownMajor === undefined) return false;
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}
