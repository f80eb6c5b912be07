import type { ObjectRef } from './object-ref.ts';
import type { Protocol } from './protocol.ts';

/** A port of a service as clients name it. Target ports belong to endpoints. */
export interface ServicePort {
  readonly number: number;
  readonly name: string;
  readonly protocol: Protocol;
}

/**
 * How a client finds the endpoints of a service (Istio `model.Resolution`):
 * `ClientSideLB` = EDS, `DNSLB` = STRICT_DNS, `DNSRoundRobinLB` = LOGICAL_DNS, `Passthrough` = ORIGINAL_DST,
 * `Alias` = ExternalName, another name for a service, `DynamicDNS` = dynamic forward proxy.
 */
export type Resolution = 'ClientSideLB' | 'DNSLB' | 'DNSRoundRobinLB' | 'Passthrough' | 'Alias' | 'DynamicDNS';

/** Which kind of registry a service comes from; `Kubernetes` wins over `External` for the same host. */
export type RegistryProvider = 'Kubernetes' | 'External' | 'Consul' | 'Etcd' | 'ZooKeeper' | 'Eureka' | 'Nacos';

/** One service of the mesh: (hostname, namespace) is its identity. Endpoints are kept apart, so that a flap changes no service. */
export interface Service {
  readonly hostname: string;
  /** Namespace of the object that defines it. */
  readonly namespace: string;
  /** Name of the defining object: the Kubernetes Service's name, else the hostname. */
  readonly name: string;
  readonly provider: RegistryProvider;
  /** Cluster of the registry, `Kubernetes` by default. */
  readonly clusterId: string;
  readonly ports: readonly ServicePort[];
  readonly resolution: Resolution;
  /** ServiceEntry with location MESH_EXTERNAL: no mutual TLS, no inbound. */
  readonly meshExternal: boolean;
  /** VIPs or CIDR prefixes as written; empty = headless or no address (Istio writes 0.0.0.0 then). */
  readonly addresses: readonly string[];
  /** By cluster id, of a Kubernetes service that several clusters have: a proxy knows it by the address of its own cluster. */
  readonly clusterAddresses?: Readonly<Record<string, readonly string[]>>;
  /** Addresses out of 240.240.0.0/16 and 2001:2::/48 for services without any; only used where DNS capture is on. */
  readonly autoAllocated: { readonly v4?: string; readonly v6?: string };
  /** Namespaces that see it: `*` all, `.` its own, `~` nobody, else a name. Never empty: mesh defaults are filled in. */
  readonly exportTo: readonly string[];
  /** SPIFFE identities granted by annotation or subjectAltNames, beside those of the endpoints. */
  readonly serviceAccounts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Pod selector of a Kubernetes Service; empty otherwise. */
  readonly selector: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** Kubernetes type ExternalName: the host it stands for. */
  readonly externalName?: string;
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`, `Headless`. */
  readonly kubeType?: string;
  /** targetPort of each service port number (Kubernetes: number or name; ServiceEntry: number, where one is stated). */
  readonly targetPorts: Readonly<Record<number, number | string>>;
  /** Port numbers of a Kubernetes service that only other registries know: its pods do not listen there. */
  readonly portsElsewhere?: readonly number[];
  readonly internalTrafficPolicyLocal: boolean;
  /** `PreferClose`/`PreferSameZone`, `PreferSameNode`; absent: any. */
  readonly trafficDistribution?: 'PreferSameZone' | 'PreferSameNode';
  readonly publishNotReadyAddresses: boolean;
  /** Load-balancer, external and node addresses: what a gateway Service is reached by from other networks. */
  readonly externalAddresses: readonly string[];
  /** Node port of each service port number, where `externalAddresses` are those of nodes. */
  readonly nodePorts?: Readonly<Record<number, number>>;
  /** Services of the same identity that cannot be merged with it, oldest first: whoever does not see this one may see one of them. */
  readonly siblings?: readonly Service[];
  /** One of the `siblings` of another: what finds a service by its namespace and hostname does not find it. */
  readonly isSibling?: true;
  readonly source: ObjectRef;
}

/** The service and its siblings. */
export function withSiblings(service: Service): readonly Service[] {
  return service.siblings === undefined ? [service] : [service, ...service.siblings];
}

/** The services, each followed by its siblings. */
export function eachWithSiblings(services: Iterable<Service>): readonly Service[] {
  const all = [...services];
  return all.some(({ siblings }) => siblings !== undefined) ? all.flatMap(withSiblings) : all;
}

/** The service with these further services of its identity; none leave it as it is. */
export function asSiblings(service: Service, others: readonly Service[]): Service {
  const siblings = others.flatMap(withSiblings).map(asSibling);
  return siblings.length === 0 ? service : { ...service, siblings };
}

function asSibling(service: Service): Service {
  const { siblings: _, ...others } = service;
  return { ...others, isSibling: true };
}

/** `namespace/hostname`: the key of a service in every table. */
export function serviceKey(service: { readonly namespace: string; readonly hostname: string }): string {
  return `${service.namespace}/${service.hostname}`;
}

/** The addresses as a proxy of this cluster knows them (Istio `GetAllAddressesForProxy`); elsewhere, those of the strongest registry. */
export function addressesIn(service: Service, clusterId: string): readonly string[] {
  const ofCluster = service.clusterAddresses?.[clusterId] ?? [];
  return ofCluster.length > 0 ? ofCluster : service.addresses;
}

/** Without any address of its own: Istio's DefaultAddress 0.0.0.0. */
export function isHeadless(service: Service): boolean {
  return service.addresses.length === 0;
}
