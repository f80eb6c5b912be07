import type { ConnectedProxy } from '../admin/connected-proxies.ts';
import type { EnvoyProtos } from '../envoy/protos.ts';
import type { ExplainWorld } from '../explain/explain-world.ts';
import { workloadFinder } from '../explain/workload-finder.ts';
import type { ControlPlane } from './control-plane.ts';

export interface ExplainWorldOptions {
  readonly plane: ControlPlane;
  readonly protos: Pick<EnvoyProtos, 'decodeAny'>;
  /** Absent: nobody is connected. */
  readonly proxies?: () => readonly ConnectedProxy[];
}

/** A control plane as one explanation sees it: what that asks for again and again is looked up once. */
export function explainWorld({ plane, protos, proxies = () => [] }: ExplainWorldOptions): ExplainWorld {
  const { config, mesh, services, source } = plane;
  let connected: readonly ConnectedProxy[] | undefined;
  return {
    mesh,
    workloads: services.workloads,
    workloadAt: workloadFinder(services.workloads),
    table: (kind) => config.table(kind),
    issues: plane.issues,
    clusterId: plane.clusterId,
    get knowsWorkloads() {
      return services.workloads.get().size > 0 || config.table('EndpointSlice').get().size > 0;
    },
    positionOf: (object, path) => config.positionOf(object, path),
    lineAt: (position) => config.lineAt(position),
    connected: () => {
      connected ??= proxies();
      return connected;
    },
    serve: (node) => source.admit(node, 'sotw'),
    decode: (any) => protos.decodeAny(any),
  };
}
