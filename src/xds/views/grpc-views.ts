import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { grpcClusterViews } from './grpc-cluster-views.ts';
import { grpcListenerViews } from './grpc-listener-views.ts';
import { grpcRouteViews } from './grpc-route-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import type { ViewKind } from './view-kind.ts';

type Choose = (scopes: ProxyScopes) => MapCell<EncodedResource>;

/**
 * Serves proxyless gRPC clients its own shapes of listeners, routes and clusters (Istio `grpcgen`) in place of a kind's
 * view; all other kinds, endpoints among them, it shares with Envoys.
 */
export function grpcViews(mesh: Mesh, encoder: ResourceEncoder): (kind: ViewKind) => ViewKind {
  const clusters = grpcClusterViews(mesh, encoder);
  const listeners = grpcListenerViews(mesh, encoder);
  const routes = grpcRouteViews(mesh, encoder);
  const views: ReadonlyMap<string, Choose> = new Map<string, Choose>([
    [typeUrls.CDS, ({ outbound }) => clusters(outbound)],
    [typeUrls.LDS, (scopes) => listeners(scopes)],
    [typeUrls.RDS, ({ outbound }) => routes(outbound)],
  ]);
  return (kind) => {
    const own = views.get(kind.typeUrl);
    return own === undefined ? kind : { ...kind, choose: (scopes) => (scopes.outbound.role === 'grpc' ? own : kind.choose)(scopes) };
  };
}
