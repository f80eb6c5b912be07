import type { Cluster } from '../../../src/envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../../src/envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { TextMesh } from '../../harness/text-mesh.ts';
import type { SimulationCase } from './case.ts';
import { caseObjects } from './case-objects.ts';

/** What one proxy is served, decoded from the bytes that it would get. */
export interface ProxyXds {
  readonly listeners: readonly Listener[];
  readonly clusters: readonly Cluster[];
  /** By name. */
  readonly routes: ReadonlyMap<string, RouteConfiguration>;
  /** What is wrong with a message that does not fit its type. */
  readonly misfits: readonly string[];
  /** What was wrong with the configuration. */
  readonly problems: readonly string[];
}

export async function xdsOfCase(given: SimulationCase): Promise<ProxyXds> {
  const { objects, problems } = caseObjects(`${given.config}\n---\n${given.kube}`);
  const mesh = await TextMesh.create({ config: [], env: given.features, ...(given.mesh !== '' && { meshConfig: given.mesh }) });
  mesh.texts.applyObjects(objects);
  const proxy = mesh.connect({ nodeId: given.proxy.nodeId, metadata: given.proxy.metadata });
  const [listeners, clusters, routes] = (['LDS', 'CDS', 'RDS'] as const).map((type) => mesh.resources(proxy, type));
  const all = [listeners, clusters, routes].flatMap((resources) => [...(resources?.values() ?? [])]);
  const misfits = all.flatMap((resource) => mesh.protos.check(resource as { readonly '@type': string } & typeof resource));
  proxy.close();
  return {
    listeners: [...(listeners?.values() ?? [])] as Listener[],
    clusters: [...(clusters?.values() ?? [])] as Cluster[],
    routes: routes as ReadonlyMap<string, RouteConfiguration>,
    misfits,
    problems,
  };
}
