import type { MapCell } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { deepEqual } from '../lib/deep-equal.ts';
import type { Endpoint, EndpointHealth } from '../model/endpoint.ts';
import type { Workload } from '../model/workload.ts';

/** A pod or WorkloadEntry with what it takes to be an endpoint of a service that selects it. */
export interface WorkloadInstance {
  /** Its labels are augmented with where it runs. */
  readonly workload: Workload;
  /** SPIFFE identity, empty where unknown. */
  readonly identity: string;
  readonly tlsMode: 'istio' | 'disabled';
  readonly weight: number;
  /** Network of its endpoints, which can differ from the workload's (Istio takes a WorkloadEntry's as written). */
  readonly network: string;
  /** Passes its checks. */
  readonly isReady: boolean;
  /** Kubernetes has begun to delete it. */
  readonly isTerminating: boolean;
  /** Phase Succeeded or Failed: it runs no more. */
  readonly isFinished: boolean;
  /** Address is a DNS name or a unix socket: only DNS ServiceEntries may select it. */
  readonly isDnsOnly: boolean;
  readonly hostname?: string;
  readonly subDomain?: string;
}

/** The service port that an endpoint serves, and how to reach it. */
export interface EndpointPort {
  readonly address: string;
  readonly additionalAddresses?: readonly string[];
  readonly port: number;
  readonly portName: string;
  readonly health: EndpointHealth;
}

export function endpointOf(instance: WorkloadInstance, at: EndpointPort): Endpoint {
  const { workload } = instance;
  return {
    address: at.address,
    ...(at.additionalAddresses && { additionalAddresses: at.additionalAddresses }),
    port: at.port,
    portName: at.portName,
    labels: workload.labels,
    locality: workload.locality,
    weight: instance.weight,
    health: at.health,
    serviceAccount: instance.identity,
    network: instance.network,
    clusterId: workload.clusterId,
    namespace: workload.namespace,
    workloadName: workload.workloadName,
    tlsMode: instance.tlsMode,
    ...(workload.nodeName === '' ? {} : { nodeName: workload.nodeName }),
    ...(instance.hostname === undefined ? {} : { hostname: instance.hostname }),
    ...(instance.subDomain === undefined ? {} : { subDomain: instance.subDomain }),
  };
}

/** `spiffe://trust-domain/ns/N/sa/A`. */
export function spiffeId(trustDomain: string, namespace: string, serviceAccount: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The workloads of a registry under the keys of `ServiceRegistry.workloads`. */
export function workloadsOf(engine: Engine, kind: string, instances: MapCell<WorkloadInstance>): MapCell<Workload> {
  return engine.flatMap(instances, (instance, key) => [[`${kind}/${key}`, instance.workload] as const], deepEqual);
}
