import type { ControlPlane } from '../../src/app/control-plane.ts';
import { meshConfigFormat, type ResolvedMeshConfig } from '../../src/app/mesh-config-format.ts';
import { ConfigController } from '../../src/config/config-controller.ts';
import { KubeServiceRegistry } from '../../src/registry/kubernetes/kube-service-registry.ts';
import { kinds } from '../../src/schema/kinds.ts';
import { TextSource } from './text-source.ts';

/** A further cluster of a mesh in memory, out of texts: what a `RemoteCluster` is once it has been read. */
export async function addTextCluster(plane: ControlPlane, clusterId: string, texts: readonly string[]): Promise<void> {
  const { engine, config } = plane;
  const tables = new ConfigController<ResolvedMeshConfig>({
    engine,
    kinds,
    sources: [new TextSource(texts)],
    meshConfig: meshConfigFormat,
    rootNamespace: '',
  });
  await tables.start(new AbortController().signal);
  plane.registries.add(
    new KubeServiceRegistry({
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
    }),
  );
}
