import type { ProxyFeatures } from '../../mesh/scope.ts';

/** Whether the proxy is an istio-proxy from before 1.`minor`; one that states no version has everything. */
export function isOlderThan({ istioMinor }: Pick<ProxyFeatures, 'istioMinor'>, minor: number): boolean {
  return istioMinor !== undefined && istioMinor < minor;
}
