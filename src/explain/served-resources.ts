import type { Cluster } from '../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { ClusterLoadAssignment } from '../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { typeUrls } from '../envoy/type-urls.ts';
import type { ByName, ServedResources } from '../simulate/resources.ts';
import type { ExplainWorld, ServedViews } from './explain-world.ts';

/** The resources of a proxy for the simulator: listeners at once, all others when a request gets to them. */
export function servedResources({ decode }: Pick<ExplainWorld, 'decode'>, views: ServedViews): ServedResources {
  const listeners = [...(views.view(typeUrls.LDS)?.all() ?? [])].map(([name, { any }]) => [name, decode(any) as Listener] as const);
  const byName = <T extends object>(typeUrl: string): ByName<T> => {
    const decoded = new Map<string, T | undefined>();
    return {
      get(name) {
        if (decoded.has(name)) return decoded.get(name);
        const encoded = views.view(typeUrl)?.get(name);
        const message = encoded && (decode(encoded.any) as T);
        decoded.set(name, message);
        return message;
      },
    };
  };
  return {
    listeners: new Map(listeners),
    routes: byName<RouteConfiguration>(typeUrls.RDS),
    clusters: byName<Cluster>(typeUrls.CDS),
    endpoints: byName<ClusterLoadAssignment>(typeUrls.EDS),
  };
}
