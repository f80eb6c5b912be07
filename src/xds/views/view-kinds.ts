import { typeUrls } from '../../envoy/type-urls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { emptyLoadAssignment } from '../endpoints/load-assignment.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { emptyRouteConfig } from '../routes/sidecar-route-config.ts';
import { clusterViews } from './cluster-views.ts';
import { endpointViews } from './endpoint-views.ts';
import { gatewayListenerViews } from './gateway-listener-views.ts';
import { gatewayRouteViews } from './gateway-route-views.ts';
import { sniClusterViews, sniEndpointViews, withSniLayer } from './gateway-sni-views.ts';
import { grpcViews } from './grpc-views.ts';
import { httpProxyRouteViews } from './http-proxy-route-views.ts';
import { listenerViews } from './listener-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { routeViews } from './route-views.ts';
import { TableEncoder } from './table-encoder.ts';
import type { ViewKind } from './view-kind.ts';

/** Every type that is served, in push order: make before break. */
export function viewKinds(mesh: Mesh, encoder: ResourceEncoder, messages: LbEndpoints): readonly ViewKind[] {
  const clusters = withSniLayer(mesh, clusterViews(mesh, encoder, messages), sniClusterViews(mesh, encoder, messages));
  const ofEndpoints = endpointViews(mesh, encoder, messages);
  const endpoints = withSniLayer(mesh, ({ endpoints: scope }) => ofEndpoints(scope), sniEndpointViews(mesh, encoder, messages));
  const listeners = listenerViews(mesh, encoder);
  const gatewayListeners = gatewayListenerViews(mesh, encoder);
  const tables = new TableEncoder(encoder);
  const routes = routeViews(mesh, tables);
  const routesWithProxy = httpProxyRouteViews(mesh, tables, routes);
  const sidecarRoutes = ({ outbound, inbound }: ProxyScopes) =>
    inbound.httpProxyPort === undefined ? routes(outbound) : routesWithProxy(outbound);
  const gatewayRoutes = gatewayRouteViews(mesh, tables);
  const kinds: readonly ViewKind[] = [
    { typeUrl: typeUrls.CDS, choose: (scopes) => clusters(scopes) },
    {
      typeUrl: typeUrls.EDS,
      choose: (scopes) => endpoints(scopes),
      absent: (name) => encoder.encode(typeUrls.EDS, name, emptyLoadAssignment(name)),
    },
    { typeUrl: typeUrls.LDS, choose: (scopes) => (scopes.gateway === undefined ? listeners(scopes) : gatewayListeners(scopes.gateway)) },
    {
      typeUrl: typeUrls.RDS,
      choose: (scopes) => (scopes.gateway === undefined ? sidecarRoutes(scopes) : gatewayRoutes(scopes.gateway)),
      absent: (name) => encoder.encode(typeUrls.RDS, name, emptyRouteConfig(name)),
    },
  ];
  return kinds.map(grpcViews(mesh, encoder));
}
