import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { layeredRouteProducts } from './layered-route-products.ts';
import { type RouteEncoders, type RouteProducts, routeProducts } from './route-products.ts';
import { sidecarRouteEntries } from './sidecar-route-entries.ts';
import { sidecarRouteLayers } from './sidecar-route-layers.ts';
import { sidecarRouteViews } from './sidecar-route-views.ts';

/** The tables of workloads that a Sidecar holds for: virtual host by virtual host where it has one listener, else listed as a whole. */
export function sidecarRouteProducts(
  mesh: Mesh,
  encoders: RouteEncoders,
): RouteProducts<OutboundScope> & { readonly tables: (scope: OutboundScope) => MapCell<RouteConfiguration> } {
  const { engine } = mesh;
  const entries = sidecarRouteEntries(mesh);
  const layered = layeredRouteProducts(mesh, encoders, sidecarRouteLayers(mesh, entries));
  const views = sidecarRouteViews(mesh, entries);
  const listed = routeProducts(engine, encoders, views);
  const both = <T>(a: (scope: OutboundScope) => MapCell<T>, b: (scope: OutboundScope) => MapCell<T>) => {
    const overlays = engine.mapFamily<T>((key) => engine.overlay<T>([a(JSON.parse(key)), b(JSON.parse(key))]));
    return (scope: OutboundScope) => overlays(scopeKey(scope));
  };
  return {
    tables: both(views, layered.tables),
    whole: both<EncodedResource>(listed.whole, layered.whole),
    frames: both<EncodedResource>(listed.frames, layered.frames),
    virtualHosts: both<EncodedResource>(listed.virtualHosts, layered.virtualHosts),
  };
}
