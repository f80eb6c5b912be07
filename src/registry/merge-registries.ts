import type { Endpoint } from '../model/endpoint.ts';
import type { RegistryProvider, Service, ServicePort } from '../model/service.ts';
import { canonicalEndpoints, endpointKey } from './endpoint-order.ts';

/** Registries whose health comes from checks; the others only know that an address exists. */
const checkedProviders: ReadonlySet<RegistryProvider> = new Set<RegistryProvider>(['Kubernetes', 'Consul', 'Eureka', 'Nacos']);

/**
 * One service out of what several registries say of the same namespace and hostname, strongest registry first. A Kubernetes
 * service is merged with its like in other clusters only, nothing of another kind changes it (Istio `aggregate`,
 * `appendSidecarServices`). Others are united: ports by number, identities, the narrower exportTo, internal if any is.
 */
export function mergeServices(strongestFirst: readonly [Service, ...Service[]]): Service {
  const [first, ...others] = strongestFirst;
  const isKube = first.provider === 'Kubernetes';
  let merged = first;
  for (const other of others) {
    if (isKube !== (other.provider === 'Kubernetes')) continue;
    const serviceAccounts = union(merged.serviceAccounts, other.serviceAccounts);
    merged = isKube
      ? { ...merged, serviceAccounts, clusterAddresses: withAddresses(merged, other) }
      : { ...unite(merged, other), serviceAccounts };
  }
  return merged;
}

/** Each cluster has an address of its own for the service. */
function withAddresses(merged: Service, other: Service): Readonly<Record<string, readonly string[]>> {
  const known = merged.clusterAddresses ?? { [merged.clusterId]: merged.addresses };
  return { [other.clusterId]: other.addresses, ...known };
}

function unite(strong: Service, weak: Service): Service {
  return {
    ...strong,
    ports: unitePorts(strong.ports, weak.ports),
    targetPorts: { ...weak.targetPorts, ...strong.targetPorts },
    addresses: strong.addresses.length > 0 ? strong.addresses : weak.addresses,
    autoAllocated: { ...weak.autoAllocated, ...strong.autoAllocated },
    meshExternal: strong.meshExternal && weak.meshExternal,
    exportTo: narrower(strong.exportTo, weak.exportTo),
  };
}

function unitePorts(strong: readonly ServicePort[], weak: readonly ServicePort[]): readonly ServicePort[] {
  const out = [...strong];
  for (const port of weak) {
    if (out.some((known) => known.number === port.number)) continue;
    const isTaken = out.some((known) => known.name === port.name);
    out.push(isTaken ? { ...port, name: `${port.name}-${port.number}` } : port);
  }
  return out;
}

/** What both export to; `*` stands for all, and without anything in common nobody sees it. */
function narrower(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.includes('*')) return b;
  if (b.includes('*')) return a;
  const common = a.filter((name) => b.includes(name));
  return common.length > 0 ? common : ['~'];
}

/** The endpoints that one registry has for a service. */
export interface Shard {
  readonly provider: RegistryProvider;
  readonly service: Service | undefined;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The union of the shards, strongest first. The same place in two of them is one endpoint: the stronger one's, with the
 * labels that only the weaker has, and out of use if any registry with checks says so.
 */
export function mergeEndpoints(merged: Service, strongestFirst: readonly Shard[]): readonly Endpoint[] {
  const only = strongestFirst[0];
  if (only !== undefined && strongestFirst.length === 1) return only.endpoints;
  const byPlace = new Map<string, Endpoint>();
  const ofClusters: Endpoint[] = [];
  for (const shard of strongestFirst) {
    const isKube = shard.provider === 'Kubernetes';
    for (const original of shard.endpoints) {
      const endpoint = renamedPort(original, shard.service, merged);
      const key = endpointKey(endpoint);
      const known = byPlace.get(key);
      // Clusters give out the same addresses: what each of them says is about its own.
      if (isKube && known !== undefined) ofClusters.push(endpoint);
      else byPlace.set(key, known ? combine(known, endpoint, shard.provider) : endpoint);
    }
  }
  if (ofClusters.length === 0) return canonicalEndpoints(byPlace.values());
  return canonicalEndpoints([...byPlace.values(), ...ofClusters], (endpoint) => `${endpointKey(endpoint)}|${endpoint.clusterId}`);
}

function combine(strong: Endpoint, weak: Endpoint, weakProvider: RegistryProvider): Endpoint {
  const health = strong.health === 'HEALTHY' && checkedProviders.has(weakProvider) ? weak.health : strong.health;
  return { ...strong, labels: { ...weak.labels, ...strong.labels }, health };
}

/** Ports that got another name in the merge keep their endpoints; a Kubernetes service takes others by name alone, as in Istio. */
function renamedPort(endpoint: Endpoint, service: Service | undefined, merged: Service): Endpoint {
  if (merged.provider === 'Kubernetes') return endpoint;
  const number = service?.ports.find((port) => port.name === endpoint.portName)?.number;
  const name = merged.ports.find((port) => port.number === number)?.name;
  return name === undefined || name === endpoint.portName ? endpoint : { ...endpoint, portName: name };
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}
