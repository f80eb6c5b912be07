import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { DebugContext } from './debug-context.ts';

/** A cluster of the mesh, as Istio shows it. */
export interface ClusterSummary {
  readonly id: string;
  /** `namespace/name` of the Secret that leads there; absent for the cluster that we belong to. */
  readonly secretName?: string;
  readonly syncStatus: 'synced' | 'syncing' | 'timeout';
}

/** `/debug/clusterz`: the clusters of the mesh and whether they have been read; `istioctl remote-clusters` prints it. */
export function clusterz({ clusters }: DebugContext): HttpEndpoint {
  return { path: '/debug/clusterz', help: 'The clusters of the mesh', answer: (query) => jsonAnswer(clusters(), query) };
}
