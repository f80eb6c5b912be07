import type { Labels } from '../model/labels.ts';
import type { ProxyRole } from '../model/proxy.ts';
import type { ProxySettings } from '../schema/mesh-config/proxy-settings.ts';

/** What an Envoy can do, read from its node: the only facts about the binary that a builder may ask for. */
export interface ProxyFeatures {
  /** It has SDS for `default` and `ROOTCA` (pilot-agent); our own agent says `WORKLOAD_CERTIFICATES: none` until it has a CA. */
  readonly workloadCertificates: boolean;
  /** istio.stats, metadata exchange, peer metadata and alpn filters are compiled in (istio-proxy, contrib). */
  readonly istioExtensions: boolean;
  readonly interception: 'REDIRECT' | 'TPROXY' | 'NONE';
  /** Node metadata HTTP10 or PILOT_HTTP10. */
  readonly http10: boolean;
  /** It resolves names itself (DNS_CAPTURE, waypoints) and VIPs are allocated: it reaches services without an address by them. */
  readonly usesAllocatedAddresses: boolean;
  /** Node metadata UNPRIVILEGED_POD: ports below 1024 cannot be opened; absent: they can. */
  readonly isUnprivileged?: true;
  /** Ports of health and metrics in its bootstrap, where they are not 15021 and 15090 alone (node metadata ENVOY_STATUS_PORT, ...). */
  readonly bootstrapPorts?: readonly number[];
  /** A stock Envoy with the access logger that counts: it makes Istio's metrics by it. */
  readonly statsLogger?: true;
  /**
   * Without Istio's agent, which fetches WebAssembly modules: `files`: it runs those that lie beside it; `none`: it runs none.
   * Absent: all.
   */
  readonly wasm?: 'files' | 'none';
  /** Of an istio-proxy 1.x from before 1.30: some fields are newer than it. Absent: it has them. */
  readonly istioMinor?: number;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/**
 * Everything a builder may know about a proxy beyond the mesh itself. The parameter type is the cache key: equal scope,
 * equal resources, equal bytes, encoded once. Builders of one type take the narrowest scope that suffices.
 */
export interface OutboundScope {
  readonly role: ProxyRole;
  readonly namespace: string;
  /** `default.svc.cluster.local`: short host names are added for hosts under it. */
  readonly dnsDomain: string;
  readonly clusterId: string;
  /** `namespace/name` of the Sidecar that says what the workload sees; absent: it sees what its namespace may see. */
  readonly sidecar?: string;
  /** The labels that some configuration which may hold for the workload looks at; all others are left out. */
  readonly labels: Labels;
  readonly features: ProxyFeatures;
  /** What its node's ProxyConfig says of headers that clusters and routes look at, where that is not what the mesh says. */
  readonly ownHeaders?: Pick<OwnProxySettings, 'proxyHeaders'>;
}

/** Adds what endpoint selection looks at. */
export interface EndpointScope extends OutboundScope {
  readonly network: string;
  /** `region/zone/subzone`. */
  readonly locality: string;
  /** Only set where a service asks for node-local endpoints. */
  readonly nodeName: string;
  /** The labels that priorities between endpoints compare with; absent: none has any. */
  readonly priorityLabels?: Labels;
  /** Sorted networks whose endpoints alone it sees (node metadata REQUESTED_NETWORK_VIEW); absent: all. */
  readonly networkView?: readonly string[];
}

/** What a workload's own part of the configuration is made from: its inbound listeners and clusters, and what carries its address. */
export interface InboundScope extends OutboundScope {
  /** `namespace/name` of the Sidecar that holds for the workload, also where it changes nothing about what that sees. */
  readonly sidecar?: string;
  /** The workload's primary address. */
  readonly address: string;
  /** All labels: policies select by them. */
  readonly workloadLabels: Labels;
  /** The ports it serves, oldest service first; services by `namespace/hostname`. */
  readonly targets: readonly { readonly service: string; readonly port: number; readonly targetPort: number }[];
  /** Node metadata IDLE_TIMEOUT, of connections. */
  readonly idleTimeout?: string;
  /** Port of an HTTP proxy for the application: node metadata HTTP_PROXY_PORT, else MeshConfig.proxyHttpPort; absent: none. */
  readonly httpProxyPort?: number;
  readonly observed?: ObservedScope;
  /** Where the node's ProxyConfig is not the mesh's. */
  readonly ownSettings?: OwnProxySettings;
}

/** What listeners depend on beside traffic: what is recorded of it. All of it absent: nothing but what holds for the whole mesh. */
export interface ObservedScope {
  /** Keys of the Telemetry objects that hold, widest first. */
  readonly telemetry?: string;
  /** Under which name a tracer reports the proxy, where one asks for it. */
  readonly spanService?: string;
  /** Keys of the extensions that hold, in the order of their filters. */
  readonly extensions?: string;
}

/** What a gateway's listeners and route tables are made from; replicas of one deployment are equal in it. */
export interface GatewayScope extends OutboundScope {
  /** All labels: Gateways and policies select by them. */
  readonly workloadLabels: Labels;
  /** The ports it serves, oldest service first; services by `namespace/hostname`. */
  readonly targets: readonly { readonly service: string; readonly port: number; readonly targetPort: number }[];
  /** Node metadata `credential: "true"`: an SDS server of its own is on a socket beside it. */
  readonly hasCredentialSocket: boolean;
  /** Node metadata IDLE_TIMEOUT, of TCP connections. */
  readonly idleTimeout?: string;
  /** Where the node's ProxyConfig is not the mesh's. */
  readonly ownSettings?: OwnProxySettings;
  readonly observed?: ObservedScope;
}

/** What of a ProxyConfig the configuration of a proxy is made from; all of it replaces what the mesh says. */
export type OwnProxySettings = Pick<ProxySettings, 'connectionSettings' | 'gatewayTopology' | 'proxyHeaders' | 'tracing'>;

/** The key of a scope in families and metrics: canonical JSON. */
export function scopeKey(scope: object): string {
  return JSON.stringify(scope, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** `scopeKey` of a part of a scope, worked out once for a scope: the views of one ask for it for each of thousands of services. */
export function rememberedKey<S extends object>(partOf: (scope: S) => object): (scope: S) => string {
  const known = new WeakMap<S, string>();
  return (scope) => {
    const key = known.get(scope) ?? scopeKey(partOf(scope));
    known.set(scope, key);
    return key;
  };
}
