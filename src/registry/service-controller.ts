import type { Index, MapCell, Read } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import type { ServiceTarget } from '../model/service-target.ts';
import type { Workload } from '../model/workload.ts';
import { findEntry, findPod, type ProxyPlace, type WorkloadTable } from './find-workload.ts';
import { mergeEndpoints, mergeServices } from './merge-registries.ts';
import { selectorGroup } from './selector-index.ts';
import type { ServiceRegistry } from './service-registry.ts';
import { type AddressEndpoints, serviceTargets } from './service-targets.ts';

export interface ServiceControllerOptions {
  readonly engine: Engine;
  /** Where they disagree Kubernetes wins, then ServiceEntries, then the order of this array. */
  readonly registries: readonly ServiceRegistry[];
}

/** All registries as one: each `namespace/hostname` once, with the endpoints of every registry that knows it. */
export class ServiceController {
  readonly services: MapCell<Service>;
  /** By `namespace/hostname`; every service has a list, though it may be empty. */
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** By `kind/namespace/name`; of pods with one name in several clusters the first registry's. */
  readonly workloads: MapCell<Workload>;
  readonly servicesByHostname: Index<Service>;
  /** Kubernetes services that have a selector, by `selectorGroup`. */
  readonly servicesBySelector: Index<Service>;
  readonly endpointsByAddress: Index<AddressEndpoints>;
  readonly workloadTables: readonly WorkloadTable[];
  private readonly registries: readonly ServiceRegistry[];

  constructor({ engine, registries }: ServiceControllerOptions) {
    const ranked = [...registries].sort((a, b) => rankOf(a) - rankOf(b));
    this.registries = registries;
    this.services = engine.union(
      ranked.map((registry) => registry.services),
      mergeAll,
      deepEqual,
    );
    this.endpoints = engine.mapValues(
      this.services,
      (service, key, read) => {
        const shards = ranked.flatMap((registry) => {
          const endpoints = read(registry.endpoints.at(key));
          if (endpoints === undefined) return [];
          return [{ provider: registry.provider, service: read(registry.services.at(key)), endpoints }];
        });
        return mergeEndpoints(service, shards);
      },
      deepEqual,
    );
    this.workloads = engine.overlay(ranked.map((registry) => registry.workloads));
    this.servicesByHostname = engine.index(this.services, (service) => [service.hostname]);
    this.servicesBySelector = engine.index(this.services, selectorGroups);
    this.endpointsByAddress = engine.index(engine.flatMap(this.endpoints, byAddress, deepEqual), (_, key) => [addressOf(key)]);
    this.workloadTables = ranked.map(({ clusterId, workloads }) => {
      return { clusterId, workloads, byAddress: engine.index(workloads, (workload) => workload.addresses) };
    });
  }

  /** What the proxy's own workload serves, oldest service first: what its inbound listeners are made from. */
  targetsOf(read: Read, proxy: ProxyPlace): readonly ServiceTarget[] {
    return serviceTargets(this, read, proxy);
  }

  /** The pod or WorkloadEntry behind a proxy. Its labels win over those that the proxy claims. */
  workloadOf(read: Read, proxy: ProxyPlace): Workload | undefined {
    return findPod(this.workloadTables, read, proxy) ?? findEntry(this.workloadTables, read, proxy);
  }

  hasSynced(): boolean {
    return this.registries.every((registry) => registry.hasSynced());
  }
}

function rankOf(registry: ServiceRegistry): number {
  if (registry.provider === 'Kubernetes') return 0;
  return registry.provider === 'External' ? 1 : 2;
}

function mergeAll(services: readonly Service[]): Service {
  const [first, ...others] = services;
  if (!first) throw new Error('a merge of no services');
  return mergeServices([first, ...others]);
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
