import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyPatches } from '../../mesh/patches/patch-areas.ts';
import { type EndpointScope, type OutboundScope, rememberedKey, scopeKey } from '../../mesh/scope.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import { discoveryType, isDns } from '../clusters/base-cluster.ts';
import type { NamedCluster } from '../clusters/cluster-draft.ts';
import { buildOutboundClusters, type EmbeddedEndpoints } from '../clusters/outbound-clusters.ts';
import { buildStaticClusters } from '../clusters/static-clusters.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { worldOfService } from '../endpoints/world-of-service.ts';
import { allowAnyDynamicDnsCluster } from '../names.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { acceptance, mutualTlsRefusal } from './endpoint-mutual-tls.ts';
import { inboundClusterViews } from './inbound-cluster-views.ts';
import type { PatchedLayers } from './patched-layers.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import type { ViewLayers } from './view-kind.ts';

const nothing = {};

export interface ClusterViews {
  readonly choose: (scopes: ProxyScopes) => MapCell<EncodedResource>;
  readonly layers: (view: MapCell<EncodedResource>) => ViewLayers | undefined;
}

type ClusterScopes = Pick<ProxyScopes, 'outbound' | 'endpoints' | 'inbound'>;

/** Clusters by name, and in two layers: of the workload itself and of no service; of services that Envoy resolves by DNS and of all others. */
export function clusterViews(mesh: Mesh, encoder: ResourceEncoder, messages: LbEndpoints, patched: PatchedLayers): ClusterViews {
  const { engine } = mesh;
  const encode = (clusters: readonly NamedCluster[]) => clusters.map((cluster) => encoder.encode(typeUrls.CDS, cluster.name, cluster));

  const clustersOf = (
    read: Read,
    scope: OutboundScope,
    client: string,
    service: Service,
    embedded?: EmbeddedEndpoints,
    refusal: object = nothing,
  ) => {
    const settings = read(mesh.settingsFor(scope.ownHeaders));
    const key = serviceKey(service);
    const rules = read(mesh.rules.rulesFor(client, service.namespace, service.hostname));
    const rule = ruleForProxy(rules, 'outbound', scope);
    const serviceAccounts = read(mesh.endpointFacts.serviceAccounts(key));
    const mtls = read(mesh.endpointFacts.mutualTls(key));
    const world = embedded === undefined ? nothing : read(mesh.endpointWorld);
    const inputs = [service, rule ?? nothing, settings, serviceAccounts, mtls, embedded?.endpoints ?? nothing, refusal, world] as const;
    return encoder.once(inputs, embedded ? keyWithPlace(embedded.scope) : keyOf(scope), () =>
      encode(buildOutboundClusters({ service, rule, serviceAccounts, mtls, settings, scope, ...(embedded && { embedded }) })),
    );
  };
  const isResolvedByEnvoy = (read: Read, scope: OutboundScope, service: Service) =>
    isDns(discoveryType(service, scope.role, read(mesh.settings)));
  const plain = perServiceViews<OutboundScope>(mesh, (read, scope, client, service) =>
    isResolvedByEnvoy(read, scope, service) ? [] : clustersOf(read, scope, client, service),
  );
  const resolved = perServiceViews<EndpointScope>(mesh, (read, scope, client, service) => {
    if (!isResolvedByEnvoy(read, scope, service)) return [];
    const endpoints = read(mesh.endpoints.at(serviceKey(service))) ?? [];
    const refusal = mutualTlsRefusal(mesh, read, endpoints);
    const world = worldOfService(read(mesh.endpointWorld), service);
    return clustersOf(read, scope, client, service, { endpoints, messages, scope, ...world, ...acceptance(refusal) }, refusal);
  });
  const fixed = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return encodeAll(mesh, (read) => encode(buildStaticClusters(scope, read(mesh.settingsFor(scope.ownHeaders)))));
  });
  // A Sidecar that says what becomes of unknown hosts knows two ways alone; what is for the third goes (Istio `IsAllowAnyDynamicDNSOutbound`).
  const withoutForwardProxy = engine.mapFamily<EncodedResource | null>((sidecar) =>
    engine.mapFrom((read) =>
      read(mesh.inputs.config.sidecars.at(sidecar))?.spec.outboundTrafficPolicy === undefined ? [] : [[allowAnyDynamicDnsCluster, null]],
    ),
  );
  const inbound = inboundClusterViews(mesh, encode);
  const own = engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as Pick<ProxyScopes, 'outbound' | 'inbound'>;
    const { sidecar, ...anyone } = scopes.outbound;
    const common = { ...anyone, dnsDomain: '', namespace: '', labels: {} };
    const narrowed = sidecar === undefined ? [] : [withoutForwardProxy(sidecar)];
    return engine.overlay<EncodedResource>([inbound(scopes.inbound), ...narrowed, fixed(scopeKey(common))]);
  });
  const shared = engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as Pick<ProxyScopes, 'outbound' | 'endpoints'>;
    return engine.overlay<EncodedResource>([resolved(scopes.endpoints), plain({ ...scopes.outbound, dnsDomain: '' })]);
  });
  const layers = new WeakMap<MapCell<EncodedResource>, ViewLayers>();
  const views = engine.mapFamily((key) => {
    const { outbound, endpoints, inbound: ofWorkload } = JSON.parse(key) as ClusterScopes;
    const both = [own(scopeKey({ outbound, inbound: ofWorkload })), shared(scopeKey({ outbound, endpoints }))] as const;
    const view = engine.overlay<EncodedResource>(both);
    layers.set(view, both);
    return view;
  });
  const patchedShared = engine.mapFamily((key) => {
    const { outbound, endpoints, patches } = JSON.parse(key) as Pick<ProxyScopes, 'outbound' | 'endpoints'> & { readonly patches: string };
    return patched.clusters(shared(scopeKey({ outbound, endpoints })), { role: outbound.role, outbound: patches });
  });
  const patchedViews = engine.mapFamily((key) => {
    const { outbound, endpoints, inbound: ofWorkload, patches } = JSON.parse(key) as ClusterScopes & { readonly patches: ProxyPatches };
    const { inboundClusters, outboundClusters } = patches;
    const inForce = { role: outbound.role, inbound: inboundClusters, outbound: outboundClusters };
    const ofServices = scopeKey({ outbound, endpoints });
    return engine.overlay<EncodedResource>([
      patched.clusters(own(scopeKey({ outbound, inbound: ofWorkload })), inForce, ofWorkload.targets),
      outboundClusters === undefined ? shared(ofServices) : patchedShared(scopeKey({ outbound, endpoints, patches: outboundClusters })),
      patched.added(inForce, 'CLUSTER'),
    ]);
  });
  return {
    choose: ({ outbound, endpoints, inbound: ofWorkload, patches: { inboundClusters, outboundClusters } = {} }) => {
      const scopes = { outbound, endpoints, inbound: ofWorkload };
      if (inboundClusters === undefined && outboundClusters === undefined) return views(scopeKey(scopes));
      return patchedViews(scopeKey({ ...scopes, patches: { inboundClusters, outboundClusters } }));
    },
    layers: (view) => layers.get(view),
  };
}

const keyOf = rememberedKey(withoutIdentity);
const keyWithPlace = rememberedKey((scope: EndpointScope) => ({ ...withoutIdentity(scope), ...placeOf(scope) }));

/** What of the scope clusters can depend on besides service and rule, which are inputs of their own. */
function withoutIdentity({ role, clusterId, features, labels }: OutboundScope): object {
  return { role, clusterId, features, labels };
}

/** What assignments inside of clusters depend on beside that. */
function placeOf({ network, networkView, locality, nodeName, priorityLabels }: EndpointScope): object {
  return { network, networkView, locality, nodeName, priorityLabels };
}
