import { typeUrls } from '../../envoy/type-urls.ts';
import type { FeatureFlags } from '../../mesh/feature-flags.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { emptyLoadAssignment } from '../endpoints/load-assignment.ts';
import { withAddedExtensions } from './added-extension-views.ts';
import { clusterViews } from './cluster-views.ts';
import { endpointViews } from './endpoint-views.ts';
import { extensionViews } from './extension-views.ts';
import { gatewayListenerViews } from './gateway-listener-views.ts';
import { sniClusterViews, sniEndpointViews, withSniLayer } from './gateway-sni-views.ts';
import { grpcViews } from './grpc-views.ts';
import { listenerViews } from './listener-views.ts';
import { nameTableViews } from './name-table-views.ts';
import { PatchedLayers } from './patched-layers.ts';
import type { Patching } from './patching.ts';
import { reachedClusters } from './reached-clusters.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { ResourcePatcher } from './resource-patcher.ts';
import { routeKinds } from './route-kinds.ts';
import type { ViewKind } from './view-kind.ts';

export interface ViewTools {
  readonly encoder: ResourceEncoder;
  readonly messages: LbEndpoints;
  readonly patching: Patching;
  readonly flags: Pick<FeatureFlags, 'PILOT_FILTER_GATEWAY_CLUSTER_CONFIG'>;
}

/** Every type that is served, in push order: make before break. */
export function viewKinds(mesh: Mesh, { encoder, messages, patching, flags }: ViewTools): readonly ViewKind[] {
  const patcher = new ResourcePatcher({ ...patching, encoder });
  const patched = new PatchedLayers({ engine: mesh.engine, patcher, setOf: patching.sets.of });
  const { choose, layers } = clusterViews(mesh, encoder, messages, patched);
  const sniClusters = sniClusterViews(mesh, encoder, messages);
  const all = withSniLayer(mesh, choose, ({ endpoints: scope, patches }) =>
    patches?.outboundClusters === undefined
      ? sniClusters(scope)
      : patched.clusters(sniClusters(scope), { role: 'router', outbound: patches.outboundClusters }),
  );
  const clusters = flags.PILOT_FILTER_GATEWAY_CLUSTER_CONFIG ? reachedClusters(mesh, all) : all;
  const ofEndpoints = endpointViews(mesh, encoder, messages);
  const sniEndpoints = sniEndpointViews(mesh, encoder, messages);
  const endpoints = withSniLayer(
    mesh,
    ({ endpoints: scope }) => ofEndpoints(scope),
    ({ endpoints: scope }) => sniEndpoints(scope),
  );
  const listeners = listenerViews(mesh, encoder, patched);
  const names = nameTableViews(mesh, encoder);
  const gatewayListeners = gatewayListenerViews(mesh, encoder, patched);
  const kinds: readonly ViewKind[] = [
    { typeUrl: typeUrls.CDS, choose: (scopes) => clusters(scopes), layers },
    {
      typeUrl: typeUrls.EDS,
      choose: (scopes) => endpoints(scopes),
      absent: (name) => encoder.encode(typeUrls.EDS, name, emptyLoadAssignment(name)),
    },
    {
      typeUrl: typeUrls.LDS,
      choose: (scopes) => (scopes.gateway === undefined ? listeners(scopes) : gatewayListeners(scopes.gateway, scopes.patches)),
    },
    ...routeKinds(mesh, encoder, { ...patching, patcher }),
    { typeUrl: typeUrls.NDS, choose: ({ endpoints: scope }) => (scope.role === 'grpc' ? undefined : names(scope)) },
    { typeUrl: typeUrls.ECDS, choose: withAddedExtensions(mesh, extensionViews(mesh, encoder), patched) },
  ];
  return kinds.map(grpcViews(mesh, encoder));
}
