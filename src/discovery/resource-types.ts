/** What the server has to know about a type of resource; what the resources mean is not its business. */
export interface ResourceType {
  readonly url: string;
  /** Label of metrics and logs, as Istio writes it: `cds`. */
  readonly short: string;
  /** State of the world: an empty first request asks for nothing, where other types take it for "everything" (Istio `isWildcardTypeURL`). */
  readonly byName: boolean;
  /** State of the world: one response is the whole set, so that what it lacks is deleted (xDS specification: LDS and CDS). */
  readonly complete: boolean;
  /** Never in `removed_resources`: Envoy drops these with the listener that names them (envoy#32823, Istio `neverRemoveDelta`). */
  readonly neverRemoved: boolean;
  /** A change of this type goes out after these have been sent and answered (make before break). */
  readonly after: readonly string[];
  /** A removal of this type goes out after these no longer use the resource: they have been sent and answered. */
  readonly removeAfter: readonly string[];
  /** Resources of this type with the same name are sent again after one of ours: the client waits for them (envoy#13009). */
  readonly warms?: string;
  /** The type whose resource of the same name keeps one of ours in use. */
  readonly parent?: string;
}

export const clusterType = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
export const endpointType = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';
export const listenerType = 'type.googleapis.com/envoy.config.listener.v3.Listener';
export const routeType = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';
export const virtualHostType = 'type.googleapis.com/envoy.config.route.v3.VirtualHost';
export const secretType = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
export const extensionConfigType = 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig';
/** Health reports of agents: never answered, and may come before the first request proper (Istio `HealthInfoType`). */
export const healthInformationType = 'type.googleapis.com/istio.v1.HealthInformation';

const plain = { byName: false, complete: false, neverRemoved: false, after: [], removeAfter: [] } as const;

/** The order in which one change is pushed: clusters before what points at them (Istio `PushOrder`). */
export const resourceTypes: readonly ResourceType[] = [
  {
    ...plain,
    url: clusterType,
    short: 'cds',
    complete: true,
    removeAfter: [listenerType, routeType, virtualHostType],
    warms: endpointType,
  },
  { ...plain, url: endpointType, short: 'eds', byName: true, removeAfter: [clusterType], parent: clusterType },
  { ...plain, url: listenerType, short: 'lds', complete: true, after: [clusterType, endpointType] },
  { ...plain, url: routeType, short: 'rds', byName: true, after: [clusterType, endpointType, listenerType] },
  { ...plain, url: virtualHostType, short: 'vhds', after: [clusterType, endpointType, listenerType, routeType] },
  { ...plain, url: secretType, short: 'sds', byName: true },
  { ...plain, url: extensionConfigType, short: 'ecds', byName: true, neverRemoved: true },
  { ...plain, url: 'type.googleapis.com/istio.workload.Address', short: 'wds' },
  { ...plain, url: 'type.googleapis.com/istio.workload.Workload', short: 'wds' },
  { ...plain, url: 'type.googleapis.com/istio.security.Authorization', short: 'wads' },
  { ...plain, url: 'type.googleapis.com/istio.networking.nds.v1.NameTable', short: 'nds' },
  { ...plain, url: 'type.googleapis.com/istio.mesh.v1alpha1.ProxyConfig', short: 'pcds' },
];

const positions: ReadonlyMap<string, number> = new Map(resourceTypes.map((type, position) => [type.url, position]));

/** The table's row, or for a type that a source serves beyond the table one that is pushed last and has no ties. */
export function resourceType(url: string): ResourceType {
  return resourceTypes[positions.get(url) ?? -1] ?? { ...plain, url, short: url.slice(url.lastIndexOf('.') + 1) };
}

/** Place in the push order. */
export function pushPosition(url: string): number {
  return positions.get(url) ?? resourceTypes.length;
}
