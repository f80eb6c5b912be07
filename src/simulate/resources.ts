import type { Cluster } from '../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { ClusterLoadAssignment } from '../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';

/**
 * Everything that one proxy is served, as plain messages in which an Any is the message itself with its `@type`. Route tables are
 * whole: virtual hosts that go out by themselves (VHDS) are in them. What is not listed is looked up by name when a request gets
 * there, so that it may be decoded then.
 */
export interface ServedResources {
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly routes: ByName<RouteConfiguration>;
  readonly clusters: ByName<Cluster>;
  readonly endpoints: ByName<ClusterLoadAssignment>;
}

/** A Map, or anything that makes its values when they are asked for; the same value each time. */
export interface ByName<T> {
  get(name: string): T | undefined;
}
