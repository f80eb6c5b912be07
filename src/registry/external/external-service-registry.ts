import type { Cell, Index, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { Service } from '../../model/service.ts';
import type { Workload } from '../../model/workload.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { type MeshFacts, type MeshSources, meshFacts } from '../mesh-facts.ts';
import { configuredStatus, type RegistryStatus } from '../registry-status.ts';
import { selectorGroup } from '../selector-index.ts';
import type { ServiceRegistry } from '../service-registry.ts';
import { type WorkloadInstance, workloadsOf } from '../workload-instance.ts';
import { autoAddresses } from './auto-addresses.ts';
import { inlineEndpoints, selectedEndpoints } from './entry-endpoints.ts';
import { entryServices, mergedServices, oldestFirst } from './entry-services.ts';
import { type EntryService, mergeEntryEndpoints } from './merge-entry-services.ts';
import type { WorkloadEntries } from './workload-entries.ts';

export interface ExternalServiceRegistryOptions extends MeshSources {
  readonly serviceEntries: MapCell<ConfigObject<ServiceEntry>>;
  readonly entries: WorkloadEntries;
  /** Pods by label of each Kubernetes cluster (`KubeServiceRegistry.podsByLabel`); ServiceEntries select them as well. */
  readonly pods: readonly Index<WorkloadInstance>[];
  /** The same of clusters that come and go. */
  readonly remotePods?: Cell<readonly Index<WorkloadInstance>[]>;
  /** Whether hosts without an address are given one here. Otherwise only `status.addresses` counts. */
  readonly isAllocatingAddresses: boolean;
  /** Whether all tables have been filled once. Default: they have. */
  readonly hasSynced?: () => boolean;
}

/**
 * Services that no platform knows, out of ServiceEntries and WorkloadEntries.
 *
 *     ServiceEntry -> hosts (by namespace/host) -> services --> with automatic addresses
 *     WorkloadEntry, pods (by label) ----------------> endpoints
 */
export class ExternalServiceRegistry implements ServiceRegistry {
  readonly id = 'External';
  readonly provider = 'External';
  readonly clusterId: string;
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly workloads: MapCell<Workload>;
  readonly hasSynced: () => boolean;

  constructor(options: ExternalServiceRegistryOptions) {
    const { engine, clusterId, entries } = options;
    const facts = meshFacts(options);
    const byHost = entryServices({ ...options, facts });
    const merged = mergedServices(engine, byHost);
    const addresses = autoAddresses(engine, byHost, options.isAllocatingAddresses);
    this.clusterId = clusterId;
    this.hasSynced = options.hasSynced ?? (() => true);
    this.services = engine.mapValues(
      merged,
      (service, key, read) => {
        const withAddress = (one: Service) => (one.addresses.length > 0 ? one : { ...one, autoAllocated: read(addresses.at(key)) ?? {} });
        const { siblings } = service;
        return siblings === undefined ? withAddress(service) : { ...withAddress(service), siblings: siblings.map(withAddress) };
      },
      deepEqual,
    );
    const { remotePods } = options;
    const fixed = [entries.byLabel, ...options.pods];
    const selectable = (read: Read) => (remotePods === undefined ? fixed : [...fixed, ...read(remotePods)]);
    this.endpoints = entryEndpoints({ engine, clusterId, byHost, merged, facts, selectable });
    this.workloads = workloadsOf(engine, 'WorkloadEntry', entries.instances);
  }

  status(): RegistryStatus {
    return configuredStatus(this);
  }
}

interface EndpointSources {
  readonly engine: Engine;
  readonly clusterId: string;
  readonly byHost: Index<EntryService>;
  readonly merged: MapCell<Service>;
  readonly facts: Cell<MeshFacts>;
  readonly selectable: (read: Read) => readonly Index<WorkloadInstance>[];
}

function entryEndpoints(sources: EndpointSources): MapCell<readonly Endpoint[]> {
  const { engine, clusterId, merged, facts, selectable } = sources;
  return engine.mapValues(
    sources.byHost.groups,
    (members, key, read) => {
      const service = read(merged.at(key));
      if (!service) return undefined;
      const { trustDomain, networks } = read(facts);
      const parts = oldestFirst(members).map((entry) => {
        const selector = entry.object.spec.workloadSelector;
        const endpoints = selector
          ? selectedEndpoints(entry.service, selectedBy(entry.service.namespace, selector.labels ?? {}, selectable(read), read))
          : inlineEndpoints(entry.object, entry.service, { clusterId, trustDomain, networks });
        return { service: entry.service, endpoints };
      });
      return mergeEntryEndpoints(service, parts);
    },
    deepEqual,
  );
}

/** Healthy workloads of the namespace with these labels; no labels select all of them. */
function selectedBy(
  namespace: string,
  selector: Labels,
  selectable: readonly Index<WorkloadInstance>[],
  read: Read,
): readonly WorkloadInstance[] {
  const group = selectorGroup(namespace, selector);
  return selectable
    .flatMap((index) => [...read(index.group(group)).values()])
    .filter((instance) => instance.isReady && !instance.isTerminating && !instance.isFinished)
    .filter((instance) => selects(selector, instance.workload.labels))
    .sort(compareInstances);
}

function compareInstances(a: WorkloadInstance, b: WorkloadInstance): number {
  return (
    compareText(a.workload.source.kind, b.workload.source.kind) ||
    compareText(a.workload.name, b.workload.name) ||
    compareText(a.workload.clusterId, b.workload.clusterId)
  );
}
