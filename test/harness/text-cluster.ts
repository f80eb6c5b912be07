import type { ControlPlane } from '../../src/app/control-plane.ts';
import { meshConfigFormat, type ResolvedMeshConfig } from '../../src/app/mesh-config-format.ts';
import { ConfigController } from '../../src/config/config-controller.ts';
import { deepEqual } from '../../src/lib/deep-equal.ts';
import { KubeServiceRegistry } from '../../src/registry/kubernetes/kube-service-registry.ts';
import { kinds } from '../../src/schema/kinds.ts';
import { TextSource } from './text-source.ts';

/** A further cluster of a mesh in memory, out of texts: what a `RemoteCluster` is once it has been read. */
export class TextCluster {
  readonly texts: TextSource;
  private readonly plane: ControlPlane;
  private readonly registry: KubeServiceRegistry;
  private readonly end: () => void;
  private isPart = false;

  private constructor(plane: ControlPlane, clusterId: string, tables: ConfigController<ResolvedMeshConfig>, texts: TextSource) {
    const { engine, config } = plane;
    this.plane = plane;
    this.texts = texts;
    this.registry = new KubeServiceRegistry({
      engine,
      clusterId,
      domainSuffix: 'cluster.local',
      meshConfig: config.meshConfig,
      meshNetworks: config.meshNetworks,
      namespaces: tables.table('Namespace'),
      services: tables.table('Service'),
      endpointSlices: tables.table('EndpointSlice'),
      pods: tables.table('Pod'),
      nodes: tables.table('Node'),
      entries: engine.index(engine.constantMap(new Map()), () => []),
    });
    const selectors = engine.derived((read) => read(config.meshConfig).discoverySelectors ?? [], deepEqual);
    const select = () => tables.select(selectors.get());
    this.end = engine.observe(selectors, select);
    select();
  }

  /** It has read the texts, and is no part of the mesh yet. */
  static async create(plane: ControlPlane, clusterId: string, initial: readonly string[] = []): Promise<TextCluster> {
    const texts = new TextSource(initial);
    const { engine } = plane;
    const tables = new ConfigController({ engine, kinds, sources: [texts], meshConfig: meshConfigFormat, rootNamespace: '' });
    await tables.start(new AbortController().signal);
    return new TextCluster(plane, clusterId, tables, texts);
  }

  /** Makes it part of the mesh, or no part any more: one revision. */
  setPart(isPart: boolean): void {
    if (this.isPart === isPart) return;
    this.isPart = isPart;
    const { engine, registries, remotePods } = this.plane;
    const { id, podsByLabel } = this.registry;
    engine.batch(() => {
      if (isPart) {
        registries.add(this.registry);
        remotePods.set(id, podsByLabel);
      } else {
        registries.remove(id);
        remotePods.delete(id);
      }
    });
  }

  /** It is no part of the mesh any more, and hears of nothing. */
  close(): void {
    this.setPart(false);
    this.end();
  }
}
