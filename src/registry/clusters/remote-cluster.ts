import { ConfigController } from '../../config/config-controller.ts';
import { remoteWatchedKinds } from '../../config/kubernetes/watched-kinds.ts';
import type { Cell, Index, MapCell } from '../../incremental/cell.ts';
import { onAbort } from '../../lib/on-abort.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { LabelSelector } from '../../model/label-selector.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import type { Service } from '../../model/service.ts';
import type { Workload } from '../../model/workload.ts';
import { KubeServiceRegistry } from '../kubernetes/kube-service-registry.ts';
import type { MeshSources } from '../mesh-facts.ts';
import type { RegistryStatus } from '../registry-status.ts';
import type { ServiceRegistry } from '../service-registry.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import { connectionStatus } from './cluster-status.ts';
import { RemoteSource, type RemoteSourceOptions } from './remote-source.ts';

export interface RemoteClusterOptions extends Omit<MeshSources, 'namespaces'>, RemoteSourceOptions {
  /** As of KubeServiceRegistry. */
  readonly isDualStack?: boolean;
  readonly domainSuffix: string;
}

/**
 * A further cluster: what runs there, read over its API server. It knows nothing before it has read everything once, and keeps
 * what it knew while the server does not answer.
 */
export class RemoteCluster implements ServiceRegistry {
  readonly id: string;
  readonly provider = 'Kubernetes';
  readonly clusterId: string;
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly workloads: MapCell<Workload>;
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  readonly podsByLabel: Index<WorkloadInstance>;
  private readonly source: RemoteSource;
  private readonly tables: ConfigController<undefined>;
  private readonly kube: KubeServiceRegistry;
  private readonly stopping = new AbortController();
  private isWaitedFor = true;

  constructor(options: RemoteClusterOptions) {
    const { engine, clusterId } = options;
    this.id = clusterId;
    this.clusterId = clusterId;
    this.source = new RemoteSource(options);
    this.tables = new ConfigController({
      engine,
      kinds: remoteWatchedKinds().map(({ kind }) => kind),
      sources: [this.source],
      meshConfig: { defaults: undefined, parse: () => ({ issues: [] }) },
      rootNamespace: '',
    });
    this.kube = new KubeServiceRegistry({
      ...options,
      namespaces: this.tables.table('Namespace'),
      services: this.tables.table('Service'),
      endpointSlices: this.tables.table('EndpointSlice'),
      pods: this.tables.table('Pod'),
      nodes: this.tables.table('Node'),
      // WorkloadEntries are configuration: Services of the mesh's own cluster alone select them.
      entries: engine.index(engine.constantMap<WorkloadInstance>(new Map()), () => []),
      areSlicesMade: true,
      hasSynced: () => this.hasSynced(),
    });
    const { services, endpoints, workloads, networkGateways, podsByLabel } = this.kube;
    this.services = services;
    this.endpoints = endpoints;
    this.workloads = workloads;
    this.networkGateways = networkGateways;
    this.podsByLabel = podsByLabel;
  }

  /** Reads and watches until `stop` or the signal. Resolves with whether there is a complete view; never rejects. */
  async start(signal: AbortSignal): Promise<boolean> {
    onAbort(signal, () => this.stopping.abort());
    await this.tables.start(this.stopping.signal);
    return this.hasView();
  }

  /** Everything was read at least once. */
  hasView(): boolean {
    return this.source.hasSynced() && !this.stopping.signal.aborted;
  }

  /** Nobody waits for it where it has no view and takes too long. */
  hasSynced(): boolean {
    return this.hasView() || !this.isWaitedFor;
  }

  giveUpWaiting(): void {
    this.isWaitedFor = false;
  }

  /** Which of its namespaces are read. */
  select(selectors: readonly LabelSelector[]): void {
    this.tables.select(selectors);
  }

  status(): RegistryStatus {
    const { source } = this;
    const connection = { address: source.server(), hasView: this.hasView(), failure: source.failure, watches: source.watches() };
    return { ...this.kube.status(), ...connectionStatus(connection) };
  }

  /** Reads no more, and has nothing to say of what is wrong with it. */
  stop(): void {
    this.stopping.abort();
    this.source.forget();
  }
}
