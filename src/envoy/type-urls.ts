/** Type URLs of the xDS resources (Istio `pkg/model/xds.go`), under the short names that people say. */
export const typeUrls = {
  CDS: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  EDS: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  LDS: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  RDS: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  /** Virtual hosts as resources of their own. */
  VHDS: 'type.googleapis.com/envoy.config.route.v3.VirtualHost',
  SDS: 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
  ECDS: 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig',
  /** Name table of the agent's DNS server. */
  NDS: 'type.googleapis.com/istio.networking.nds.v1.NameTable',
  PCDS: 'type.googleapis.com/istio.mesh.v1alpha1.ProxyConfig',
  /** Workload API of ztunnel and waypoints. */
  ADDRESS: 'type.googleapis.com/istio.workload.Address',
  WORKLOAD: 'type.googleapis.com/istio.workload.Workload',
  AUTHORIZATION: 'type.googleapis.com/istio.security.Authorization',
  HEALTH: 'type.googleapis.com/istio.v1.HealthInformation',
  BOOTSTRAP: 'type.googleapis.com/envoy.config.bootstrap.v3.Bootstrap',
  RUNTIME: 'type.googleapis.com/envoy.service.runtime.v3.Runtime',
  /** Debug queries of istioctl; the resource name is the path. */
  DEBUG: 'istio.io/debug',
  DEBUG_SYNCZ: 'istio.io/debug/syncz',
  DEBUG_CONFIG_DUMP: 'istio.io/debug/config_dump',
} as const;

export type TypeUrlName = keyof typeof typeUrls;

/** Short name of a type URL for logs and metrics; the last part of its message name where it has none. */
export function shortTypeName(typeUrl: string): string {
  for (const [short, url] of Object.entries(typeUrls)) if (url === typeUrl) return short;
  return typeUrl.slice(Math.max(typeUrl.lastIndexOf('.'), typeUrl.lastIndexOf('/')) + 1);
}

/** `envoy.config.cluster.v3.Cluster` -> its URL in an Any. */
export function typeUrlOf(messageName: string): string {
  return `type.googleapis.com/${messageName}`;
}
