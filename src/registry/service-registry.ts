import type { Cell, MapCell } from '../incremental/cell.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Issue } from '../model/issue.ts';
import type { NetworkGateway } from '../model/network-gateway.ts';
import type { RegistryProvider, Service } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';
import type { RegistryStatus } from './registry-status.ts';

/**
 * One source of services: Kubernetes, ServiceEntries, Consul, ... Everything it knows is a collection of cells, so that
 * a change costs what changed. `ServiceController` merges the registries of one visible array.
 */
export interface ServiceRegistry {
  /** Unique among all registries of the mesh: `Kubernetes`, `External`, `consul-dc1`, the name of a remote cluster. */
  readonly id: string;
  readonly provider: RegistryProvider;
  readonly clusterId: string;
  /** By `namespace/hostname`. */
  readonly services: MapCell<Service>;
  /** By `namespace/hostname`: the endpoints of all ports, in a canonical order. */
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** By `kind/namespace/name`: the pods and WorkloadEntries that run somewhere, with the addresses they own. */
  readonly workloads: MapCell<Workload>;
  /** Ways into networks that services of this registry are. */
  readonly networkGateways?: Cell<readonly NetworkGateway[]>;
  /** What its users should know: names that collide, entries that cannot be used. Codes of `issue-codes.ts`. */
  readonly issues?: Cell<readonly Issue[]>;
  /** False until the first complete answer of the source. */
  hasSynced(): boolean;
  status(): RegistryStatus;
}

/** A registry that talks to a server of its own. */
export interface LiveServiceRegistry extends ServiceRegistry {
  /**
   * Reads and watches until the signal aborts. Resolves with the first complete answer, or once `hasSynced` has become true
   * because waiting longer would keep the rest of the mesh from starting; never rejects. After the signal it holds no socket.
   */
  start(signal: AbortSignal): Promise<void>;
}
