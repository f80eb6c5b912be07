import type { Input, Table } from '../incremental/cell.ts';
import { Engine } from '../incremental/engine.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { EndpointSlice } from '../schema/kubernetes/endpoint-slice.ts';
import type { Node } from '../schema/kubernetes/node.ts';
import type { Pod } from '../schema/kubernetes/pod.ts';
import type { KubeService } from '../schema/kubernetes/service.ts';
import type { MeshNetworks } from '../schema/mesh-config/mesh-networks.ts';
import type { ServiceEntry } from '../schema/service-entry/service-entry.ts';
import type { WorkloadEntry } from '../schema/workload-entry/workload-entry.ts';
import { ExternalServiceRegistry } from './external/external-service-registry.ts';
import { WorkloadEntries } from './external/workload-entries.ts';
import { KubeServiceRegistry } from './kubernetes/kube-service-registry.ts';
import type { RegistryMeshConfig } from './mesh-facts.ts';
import { RegistrySet } from './registry-set.ts';
import { ServiceController } from './service-controller.ts';

/** For tests: the registries over empty tables, wired as the server wires them. */
export interface RegistryFixture {
  readonly engine: Engine;
  readonly tables: RegistryTables;
  readonly meshConfig: Input<RegistryMeshConfig>;
  readonly meshNetworks: Input<MeshNetworks>;
  readonly kube: KubeServiceRegistry;
  readonly external: ExternalServiceRegistry;
  readonly controller: ServiceController;
}

export interface RegistryTables {
  readonly Service: Table<ConfigObject<KubeService>>;
  readonly EndpointSlice: Table<ConfigObject<EndpointSlice>>;
  readonly Pod: Table<ConfigObject<Pod>>;
  readonly Node: Table<ConfigObject<Node>>;
  readonly Namespace: Table<ConfigObject>;
  readonly ServiceEntry: Table<ConfigObject<ServiceEntry>>;
  readonly WorkloadEntry: Table<ConfigObject<WorkloadEntry>>;
}

export function registryFixture(kubeOptions: { readonly areSlicesMade?: boolean } = {}): RegistryFixture {
  const engine = new Engine();
  const tables: RegistryTables = {
    Service: engine.table(),
    EndpointSlice: engine.table(),
    Pod: engine.table(),
    Node: engine.table(),
    Namespace: engine.table(),
    ServiceEntry: engine.table(),
    WorkloadEntry: engine.table(),
  };
  const meshConfig = engine.input<RegistryMeshConfig>({});
  const meshNetworks = engine.input<MeshNetworks>({});
  const sources = { engine, clusterId: 'Kubernetes', namespaces: tables.Namespace, meshConfig, meshNetworks };
  const entries = new WorkloadEntries({ ...sources, workloadEntries: tables.WorkloadEntry });
  const kube = new KubeServiceRegistry({
    ...sources,
    domainSuffix: 'cluster.local',
    services: tables.Service,
    endpointSlices: tables.EndpointSlice,
    pods: tables.Pod,
    nodes: tables.Node,
    entries: entries.byLabel,
    ...kubeOptions,
  });
  const external = new ExternalServiceRegistry({
    ...sources,
    serviceEntries: tables.ServiceEntry,
    entries,
    pods: [kube.podsByLabel],
    isAllocatingAddresses: true,
  });
  const controller = new ServiceController(new RegistrySet({ engine, fixed: [kube, external] }));
  return { engine, tables, meshConfig, meshNetworks, kube, external, controller };
}

type SpecOf<K extends keyof RegistryTables> = RegistryTables[K] extends Table<ConfigObject<infer S>> ? S : never;
type Metadata = Partial<Omit<ConfigObject, 'kind' | 'spec'>>;

/** An object of a kind in namespace `default` (cluster-scoped kinds: none), named `name` or `namespace/name`. */
export function anObject<K extends keyof RegistryTables>(
  kind: K,
  name: string,
  spec: SpecOf<K>,
  metadata: Metadata = {},
): ConfigObject<SpecOf<K>> {
  const slash = name.indexOf('/');
  const isClusterScoped = kind === 'Node' || kind === 'Namespace';
  const namespace = slash >= 0 ? name.slice(0, slash) : isClusterScoped ? '' : 'default';
  const base = { kind, apiVersion: 'v1', name: name.slice(slash + 1), namespace, labels: {}, annotations: {}, createdAt: 0 };
  return { ...base, ...metadata, spec };
}

/** Puts an object into the table of its kind. */
export function put<K extends keyof RegistryTables>(
  fixture: RegistryFixture,
  kind: K,
  name: string,
  spec: SpecOf<K>,
  metadata: Metadata = {},
): void {
  const object = anObject(kind, name, spec, metadata);
  const table = fixture.tables[kind] as Table<ConfigObject>;
  table.set(`${object.namespace}/${object.name}`, object);
}
