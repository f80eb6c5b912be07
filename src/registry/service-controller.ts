import type { Cell, Index, MapCell, Read } from '../incremental/cell.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Issue } from '../model/issue.ts';
import type { Service } from '../model/service.ts';
import type { ServiceTarget } from '../model/service-target.ts';
import type { Workload } from '../model/workload.ts';
import { findEntry, findPod, type ProxyPlace, type WorkloadTable } from './find-workload.ts';
import type { MergeConflict } from './merge/merge-conflicts.ts';
import { mergeRegistries, unionOf } from './merge/merged-registries.ts';
import type { RegistrySet } from './registry-set.ts';
import { selectorGroup } from './selector-index.ts';
import { type AddressEndpoints, serviceTargets } from './service-targets.ts';

/** All registries as one: each `namespace/hostname` once, with the endpoints of every registry that knows it. */
export class ServiceController {
  readonly registries: RegistrySet;
  readonly services: MapCell<Service>;
  /** By `namespace/hostname`; every service has a list, though it may be empty. */
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** By `kind/namespace/name`; of pods with one name in several clusters the first registry's. */
  readonly workloads: MapCell<Workload>;
  readonly servicesByHostname: Index<Service>;
  /** Kubernetes services that have a selector, by `selectorGroup`. */
  readonly servicesBySelector: Index<Service>;
  readonly endpointsByAddress: Index<AddressEndpoints>;
  readonly workloadTables: Cell<readonly WorkloadTable[]>;
  /** What live registries and others disagree about. */
  readonly conflicts: Cell<readonly MergeConflict[]>;
  /** Names of endpoints to be resolved here, because others know the same host by addresses. */
  readonly names: Cell<readonly string[]>;
  /** Endpoints that are healthy for one registry and not for another, counted when asked. */
  readonly healthDisagreements: () => number;
  /** What registries disagree about, and collisions that a registry itself has found. */
  readonly issues: Cell<readonly Issue[]>;

  constructor(registries: RegistrySet) {
    const { engine } = registries;
    this.registries = registries;
    const { services, endpoints, conflicts, names, healthDisagreements } = mergeRegistries(registries);
    this.services = services;
    this.endpoints = endpoints;
    this.conflicts = engine.derived((read) => [...read(conflicts).values()].flat());
    this.issues = engine.derived((read) => {
      const own = [...read(registries.layers).values()].flatMap(({ registry }) => (registry.issues ? read(registry.issues) : []));
      return [...own, ...read(this.conflicts).map(({ issue }) => issue)];
    }, deepEqual);
    this.names = names;
    this.healthDisagreements = healthDisagreements;
    this.workloads = unionOf(
      registries,
      ({ registry }) => registry.workloads,
      ([first]) => first?.value,
    );
    this.servicesByHostname = engine.index(this.services, (service) => [service.hostname]);
    this.servicesBySelector = engine.index(this.services, selectorGroups);
    this.endpointsByAddress = engine.index(engine.flatMap(this.endpoints, byAddress, deepEqual), (_, key) => [addressOf(key)]);
    this.workloadTables = registries.workloadTables;
  }

  /** What the proxy's own workload serves, oldest service first: what its inbound listeners are made from. */
  targetsOf(read: Read, proxy: ProxyPlace): readonly ServiceTarget[] {
    return serviceTargets(this, read, proxy);
  }

  /** The pod or WorkloadEntry behind a proxy. Its labels win over those that the proxy claims. */
  workloadOf(read: Read, proxy: ProxyPlace): Workload | undefined {
    return findPod(read(this.workloadTables), read, proxy) ?? findEntry(read(this.workloadTables), read, proxy);
  }

  hasSynced(): boolean {
    return this.registries.hasSynced();
  }
}

function selectorGroups(service: Service): readonly string[] {
  const isSelecting = service.provider === 'Kubernetes' && Object.keys(service.selector).length > 0;
  return isSelecting ? [selectorGroup(service.namespace, service.selector)] : [];
}

/** Keys are `namespace/hostname|address`; neither namespaces nor hostnames hold a `|`. */
function byAddress(endpoints: readonly Endpoint[], key: string): Iterable<readonly [string, AddressEndpoints]> {
  const lists = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const list = lists.get(endpoint.address);
    if (list) list.push(endpoint);
    else lists.set(endpoint.address, [endpoint]);
  }
  return [...lists].map(([address, list]) => [`${key}|${address}`, { serviceKey: key, endpoints: list }] as const);
}

function addressOf(key: string): string {
  return key.slice(key.indexOf('|') + 1);
}
