import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { WeightedCluster } from '../../envoy/generated/envoy/config/route/v3/WeightedCluster.ts';
import type { Place } from '../step.ts';
import type { CompiledRoute } from './compile-route.ts';

export type ClusterWeight = NonNullable<WeightedCluster['clusters']>[number];

/** What the route table says about a request. */
export type Decision = NoRoute | TlsRedirect | RouteDecision;

export interface NoRoute {
  readonly kind: 'no virtual host' | 'no route';
  readonly table: RouteConfiguration;
  readonly host?: VirtualHost;
  readonly at: Place;
}

export interface TlsRedirect {
  readonly kind: 'redirect to TLS';
  readonly table: RouteConfiguration;
  readonly host: VirtualHost;
  readonly at: Place;
}

export interface RouteDecision {
  readonly kind: 'route';
  readonly table: RouteConfiguration;
  readonly host: VirtualHost;
  readonly compiled: CompiledRoute;
  /** The one of several clusters, once it is known. */
  readonly weighted?: ClusterWeight;
  readonly at: Place;
}
