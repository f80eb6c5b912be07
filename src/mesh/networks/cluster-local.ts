import { hostsMatch, isWildcard } from '../../model/hostname.ts';
import type { MeshSettings } from '../settings.ts';

/** Which hosts are served within each cluster alone, most specific pattern first. */
export interface ClusterLocalHosts {
  readonly isClusterLocal: (hostname: string) => boolean;
}

/**
 * Istio `clusterLocalProvider`: the API server's service, everything in kube-system and the control plane itself are local to a
 * cluster unless `serviceSettings` says otherwise; the most specific of all patterns decides about a host.
 */
export function clusterLocalHosts({ config, domainSuffix }: Pick<MeshSettings, 'config' | 'domainSuffix'>): ClusterLocalHosts {
  const exact = new Map<string, boolean>();
  const wildcards = new Map<string, boolean>();
  const stated = (config.serviceSettings ?? []).flatMap(({ settings, hosts = [] }) =>
    hosts.map((host) => ({ host, isLocal: settings?.clusterLocal === true })),
  );
  const put = (host: string, isLocal: boolean) => (isWildcard(host) ? wildcards : exact).set(host, isLocal);
  for (const { host, isLocal } of stated) put(host, isLocal);
  for (const host of defaultHosts(config.defaultConfig?.discoveryAddress ?? '', domainSuffix)) {
    if (!stated.some((each) => !each.isLocal && overrides(each.host, host))) put(host, true);
  }
  const patterns = [...wildcards.keys()].sort((a, b) => b.length - a.length);
  return {
    isClusterLocal(hostname) {
      const own = exact.get(hostname);
      if (own !== undefined) return own;
      const pattern = patterns.find((each) => hostsMatch(each, hostname));
      return pattern !== undefined && wildcards.get(pattern) === true;
    },
  };
}

function defaultHosts(discoveryAddress: string, domainSuffix: string): readonly string[] {
  const discovery = discoveryAddress.replace(/:\d+$/, '');
  const hosts = [`*.kube-system.svc.${domainSuffix}`, `kubernetes.default.svc.${domainSuffix}`];
  if (discovery === '') return hosts;
  return [...hosts, discovery.endsWith(domainSuffix) ? discovery : `${discovery}.${domainSuffix}`];
}

/** Saying of a host under a default pattern that it is not local takes the whole pattern away. */
function overrides(host: string, pattern: string): boolean {
  return host === pattern || (isWildcard(pattern) && host.endsWith(pattern.slice(1)));
}
