import type { MapCell } from '../incremental/cell.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { RegistryProvider, Service } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';

/**
 * One source of services: Kubernetes, ServiceEntries, Consul, ... Everything it knows is a collection of cells, so that
 * a change costs what changed. `ServiceController` merges the registries of one visible array.
 */
export interface ServiceRegistry {
  readonly provider: RegistryProvider;
  readonly clusterId: string;
  /** By `namespace/hostname`. */
  readonly services: MapCell<Service>;
  /** By `namespace/hostname`: the endpoints of all ports, in a canonical order. */
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** By `kind/namespace/name`: the pods and WorkloadEntries that run somewhere, with the addresses they own. */
  readonly workloads: MapCell<Workload>;
  /** False until the first complete answer of the source. */
  hasSynced(): boolean;
}
