import type { Endpoint, EndpointHealth } from '../../model/endpoint.ts';
import type { RegistryProvider, Service } from '../../model/service.ts';
import { compareEndpoints, endpointKey } from '../endpoint-order.ts';
import { type EndpointParts, isLive, type MergeLayer, type ServiceParts, shardName } from './merge-layer.ts';
import { countedEndpoints, type MergeMode } from './merge-mode.ts';

/** Registries whose health comes from checks; the others only know that an address exists. */
const checkedProviders: ReadonlySet<RegistryProvider> = new Set<RegistryProvider>(['Kubernetes', 'Consul', 'Eureka', 'Nacos']);

/** From the least to the most certain reason not to use an endpoint. */
const severities: readonly EndpointHealth[] = ['HEALTHY', 'UNHEALTHY', 'DRAINING', 'TERMINATING'];

export interface MergeEndpointsInput {
  readonly merged: Service;
  /** Strongest first. */
  readonly shards: EndpointParts;
  /** The service as each registry states it, for the ports that its endpoints name. */
  readonly services: ServiceParts;
  readonly mode?: MergeMode;
}

/**
 * The union of the shards. The same place (network, address, port) in two of them is one endpoint: the stronger one's, with
 * the labels that only the weaker has and with both as its `sources`.
 */
export function mergeEndpoints(input: MergeEndpointsInput): readonly Endpoint[] {
  const shards = countedEndpoints(input.shards, input.mode ?? 'union');
  const [only] = shards;
  if (only !== undefined && shards.length === 1 && input.services.length <= 1) return only.value;
  return [...byPlace({ ...input, shards }).values()].map(combine).sort(compareEndpoints);
}

/** How many endpoints are healthy for one registry with checks and not for another. */
export function healthDisagreements(input: MergeEndpointsInput): number {
  let count = 0;
  for (const copies of byPlace(input).values()) {
    const checked = copies.filter(({ layer }) => isChecked(layer));
    if (new Set(checked.map(({ endpoint }) => endpoint.health === 'HEALTHY')).size > 1) count++;
  }
  return count;
}

/** One place as one registry sees it. */
interface Copy {
  readonly layer: MergeLayer;
  readonly endpoint: Endpoint;
}

function byPlace({ merged, shards, services }: MergeEndpointsInput): ReadonlyMap<string, readonly Copy[]> {
  const places = new Map<string, Copy[]>();
  for (const { layer, value } of shards) {
    const own = services.find((part) => part.layer === layer)?.value;
    const taken = new Set<string>();
    for (const original of value) {
      const endpoint = renamedPort(original, layer, own, merged);
      const place = endpointKey(endpoint);
      const key = isOfOtherCluster(layer, places.get(place)) ? `${place}|${endpoint.clusterId}` : place;
      if (taken.has(key)) continue;
      taken.add(key);
      const copies = places.get(key);
      if (copies) copies.push({ layer, endpoint });
      else places.set(key, [{ layer, endpoint }]);
    }
  }
  return places;
}

/** Clusters give out the same addresses: what each of them says is about its own. */
function isOfOtherCluster(layer: MergeLayer, copies: readonly Copy[] | undefined): boolean {
  return layer.registry.provider === 'Kubernetes' && copies?.[0] !== undefined && copies[0].layer !== layer;
}

function combine(copies: readonly Copy[]): Endpoint {
  const [first, ...others] = copies;
  if (!first) throw new Error('a place without an endpoint');
  if (others.length === 0) return first.endpoint;
  const strong = first.endpoint;
  return {
    ...strong,
    labels: Object.assign({}, ...copies.map(({ endpoint }) => endpoint.labels).toReversed()),
    health: combinedHealth(copies),
    locality: strong.locality || (others.find(({ endpoint }) => endpoint.locality !== '')?.endpoint.locality ?? ''),
    serviceAccount: strong.serviceAccount || (others.find(({ endpoint }) => endpoint.serviceAccount !== '')?.endpoint.serviceAccount ?? ''),
    sources: copies.map(({ layer }) => shardName(layer)),
  };
}

/** The worst that a registry with checks says; where none has any, what the strongest says. */
function combinedHealth(copies: readonly Copy[]): EndpointHealth {
  const checked = copies.filter(({ layer }) => isChecked(layer));
  const counted = checked.length > 0 ? checked : copies.slice(0, 1);
  return counted.map(({ endpoint }) => endpoint.health).reduce((a, b) => (severities.indexOf(b) > severities.indexOf(a) ? b : a));
}

function isChecked({ registry }: MergeLayer): boolean {
  return checkedProviders.has(registry.provider);
}

/** Ports that got another name in the merge keep their endpoints; a Kubernetes service takes those of a ServiceEntry by name alone, as in Istio. */
function renamedPort(endpoint: Endpoint, layer: MergeLayer, own: Service | undefined, merged: Service): Endpoint {
  if (merged.provider === 'Kubernetes' && !isLive(layer)) return endpoint;
  const number = own?.ports.find((port) => port.name === endpoint.portName)?.number;
  const name = merged.ports.find((port) => port.number === number)?.name;
  return name === undefined || name === endpoint.portName ? endpoint : { ...endpoint, portName: name };
}
