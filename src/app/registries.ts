import type { ConfigController } from '../config/config-controller.ts';
import type { Cell, Index } from '../incremental/cell.ts';
import type { Engine } from '../incremental/engine.ts';
import { ExternalServiceRegistry } from '../registry/external/external-service-registry.ts';
import { WorkloadEntries } from '../registry/external/workload-entries.ts';
import { KubeServiceRegistry } from '../registry/kubernetes/kube-service-registry.ts';
import type { ServiceRegistry } from '../registry/service-registry.ts';
import type { WorkloadInstance } from '../registry/workload-instance.ts';
import type { ResolvedMeshConfig } from './mesh-config-format.ts';

export interface RegistriesOptions {
  readonly engine: Engine;
  readonly config: ConfigController<ResolvedMeshConfig>;
  readonly clusterId: string;
  readonly domainSuffix: string;
  readonly hasSynced: () => boolean;
  /** The cluster is a live one, whose controllers make EndpointSlices. */
  readonly isLiveCluster: boolean;
  readonly isDualStack: boolean;
  /** Pods of further clusters, by label. */
  readonly remotePods: Cell<readonly Index<WorkloadInstance>[]>;
}

/** Registries that are there from the start, and what those that come later are told of them. */
export interface FixedRegistries {
  /** In the order in which they count after Kubernetes. */
  readonly fixed: readonly ServiceRegistry[];
  /** Pods and WorkloadEntries by address. */
  readonly workloads: readonly Index<WorkloadInstance>[];
}

export function createRegistries(options: RegistriesOptions): FixedRegistries {
  const { engine, config, clusterId, domainSuffix, hasSynced, remotePods } = options;
  const { meshConfig, meshNetworks } = config;
  const common = { engine, clusterId, namespaces: config.table('Namespace'), meshConfig, meshNetworks, hasSynced };
  const entries = new WorkloadEntries({ ...common, workloadEntries: config.table('WorkloadEntry') });
  const kubernetes = new KubeServiceRegistry({
    ...common,
    domainSuffix,
    services: config.table('Service'),
    endpointSlices: config.table('EndpointSlice'),
    pods: config.table('Pod'),
    nodes: config.table('Node'),
    entries: entries.byLabel,
    areSlicesMade: options.isLiveCluster,
    isDualStack: options.isDualStack,
  });
  const external = new ExternalServiceRegistry({
    ...common,
    serviceEntries: config.table('ServiceEntry'),
    entries,
    pods: [kubernetes.podsByLabel],
    remotePods,
    isAllocatingAddresses: true,
  });
  const byAddress = ({ workload }: WorkloadInstance) => workload.addresses;
  return {
    fixed: [kubernetes, external],
    workloads: [engine.index(kubernetes.pods, byAddress), engine.index(entries.instances, byAddress)],
  };
}
