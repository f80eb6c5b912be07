import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type EndpointScope, type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import { discoveryType, isDns } from '../clusters/base-cluster.ts';
import type { NamedCluster } from '../clusters/cluster-draft.ts';
import { buildOutboundClusters, type EmbeddedEndpoints } from '../clusters/outbound-clusters.ts';
import { buildStaticClusters } from '../clusters/static-clusters.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { worldOfService } from '../endpoints/world-of-service.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { acceptance, mutualTlsRefusal } from './endpoint-mutual-tls.ts';
import { inboundClusterViews } from './inbound-cluster-views.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

const nothing = {};

/** Clusters by name: of the workload itself, of no service, of services that Envoy resolves by DNS, of all others. */
export function clusterViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
  messages: LbEndpoints,
): (scopes: ProxyScopes) => MapCell<EncodedResource> {
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
    const settings = read(mesh.settings);
    const key = serviceKey(service);
    const rules = read(mesh.rules.rulesFor(client, service.namespace, service.hostname));
    const rule = ruleForProxy(rules, 'outbound', scope);
    const serviceAccounts = read(mesh.endpointFacts.serviceAccounts(key));
    const mtls = read(mesh.endpointFacts.mutualTls(key));
    const world = embedded === undefined ? nothing : read(mesh.endpointWorld);
    const inputs = [service, rule ?? nothing, settings, serviceAccounts, mtls, embedded?.endpoints ?? nothing, refusal, world] as const;
    return encoder.once(inputs, scopeKey({ ...withoutIdentity(scope), ...(embedded && placeOf(embedded.scope)) }), () =>
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
  const fixed = engine.mapFamily((key) =>
    encodeAll(mesh, (read) => encode(buildStaticClusters(JSON.parse(key) as OutboundScope, read(mesh.settings)))),
  );
  const inbound = inboundClusterViews(mesh, encode);
  const views = engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as Pick<ProxyScopes, 'outbound' | 'endpoints' | 'inbound'>;
    const outbound = { ...scopes.outbound, dnsDomain: '' };
    const { sidecar: _, ...anyone } = outbound;
    const common = { ...anyone, namespace: '', labels: {} };
    return engine.overlay<EncodedResource>([inbound(scopes.inbound), fixed(scopeKey(common)), resolved(scopes.endpoints), plain(outbound)]);
  });
  return ({ outbound, endpoints, inbound: own }) => views(scopeKey({ outbound, endpoints, inbound: own }));
}

/** What of the scope clusters can depend on besides service and rule, which are inputs of their own. */
function withoutIdentity({ role, clusterId, features, labels }: OutboundScope): object {
  return { role, clusterId, features, labels };
}

/** What assignments inside of clusters depend on beside that. */
function placeOf({ network, networkView, locality, nodeName }: EndpointScope): object {
  return { network, networkView, locality, nodeName };
}
