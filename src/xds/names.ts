/** Names of generated resources, exactly Istio's: tools, EnvoyFilters and dashboards match on them. */

export const blackHoleCluster = 'BlackHoleCluster';
export const passthroughCluster = 'PassthroughCluster';
/** Dynamic forward proxy behind `outboundTrafficPolicy.mode: ALLOW_ANY_DYNAMIC_DNS`. */
export const allowAnyDynamicDnsCluster = 'AllowAnyDynamicDNSCluster';
export const inboundPassthroughCluster = 'InboundPassthroughCluster';

/** `outbound|80|v1|reviews.default.svc.cluster.local`. */
export function outboundClusterName(port: number, subset: string, hostname: string): string {
  return `outbound|${port}|${subset}|${hostname}`;
}

/** `inbound|8080||`: the TARGET port, no host. */
export function inboundClusterName(targetPort: number): string {
  return `inbound|${targetPort}||`;
}

/** `outbound_.80_.v1_.reviews.default.svc.cluster.local`: the SNI of mutual TLS and the cluster behind AUTO_PASSTHROUGH. */
export function sniName(port: number, subset: string, hostname: string): string {
  return `outbound_.${port}_.${subset}_.${hostname}`;
}

/** Whether a cluster is one behind AUTO_PASSTHROUGH. */
export function isSniName(clusterName: string): boolean {
  return clusterName.startsWith('outbound_.');
}

/** `reviews.default.svc.cluster.local:80`, `[2001:db8::1]:80`. */
export function virtualHostName(hostname: string, port: number): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

/** `inbound|http|80`: the SERVICE port. */
export function inboundVirtualHostName(port: number): string {
  return `inbound|http|${port}`;
}

/** `0.0.0.0_80`, `10.0.0.1_9000`; `[` and `]` of IPv6 are left out as Istio does. */
export function listenerName(address: string, port: number): string {
  return `${address}_${port}`;
}
