import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type EndpointScope, scopeKey } from '../../mesh/scope.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import { discoveryType, isDns } from '../clusters/base-cluster.ts';
import { buildSniDnatClusters } from '../clusters/sni-dnat-clusters.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { buildLoadAssignment } from '../endpoints/load-assignment.ts';
import { worldOfService } from '../endpoints/world-of-service.ts';
import { sniName } from '../names.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

type ScopedViews = (scopes: ProxyScopes) => MapCell<EncodedResource>;
type SniViews = (scope: EndpointScope) => MapCell<EncodedResource>;

/** The views of `base`, and for routers with AUTO_PASSTHROUGH those of `sni` beside them. */
export function withSniLayer(mesh: Mesh, base: ScopedViews, sni: (scopes: ProxyScopes) => MapCell<EncodedResource>): ScopedViews {
  const layered = mesh.engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as ProxyScopes;
    return mesh.engine.overlay<EncodedResource>([sni(scopes), base(scopes)]);
  });
  return (scopes) => (scopes.isAutoPassthrough ? layered(scopeKey(scopes)) : base(scopes));
}

/** The clusters behind AUTO_PASSTHROUGH: of every internal service that the gateway sees. */
export function sniClusterViews(mesh: Mesh, encoder: ResourceEncoder, messages: LbEndpoints): SniViews {
  return perServiceViews<EndpointScope>(mesh, (read, scope, client, service) => {
    const settings = read(mesh.settingsFor(scope.ownHeaders));
    const endpoints = isDns(discoveryType(service, scope.role, settings)) ? endpointsOf(mesh, read, service) : undefined;
    const clusters = buildSniDnatClusters({
      service,
      rule: ruleOf(mesh, read, scope, client, service),
      settings,
      scope,
      ...(endpoints && { embedded: { endpoints, messages, scope, ...worldOfService(read(mesh.endpointWorld), service) } }),
    });
    return clusters.map((cluster) => encoder.encode(typeUrls.CDS, cluster.name, cluster));
  });
}

/** Their endpoints: those alone that demand mutual TLS, since the gateway cannot see whether it forwards it. */
export function sniEndpointViews(mesh: Mesh, encoder: ResourceEncoder, messages: LbEndpoints): SniViews {
  return perServiceViews<EndpointScope>(mesh, (read, scope, client, service) => {
    if (service.meshExternal || (service.resolution !== 'ClientSideLB' && service.resolution !== 'Passthrough')) return [];
    const world = read(mesh.endpointWorld);
    const facts = { settings: world.settings, ...worldOfService(world, service) };
    const rule = ruleOf(mesh, read, scope, client, service);
    const endpoints = endpointsOf(mesh, read, service);
    const subsets = ['', ...(rule?.subsets ?? []).map(({ subset }) => subset.name)];
    return service.ports
      .filter(({ protocol }) => protocol !== 'UDP')
      .flatMap((port) =>
        subsets.map((subset) => {
          const clusterName = sniName(port.number, subset, service.hostname);
          const message = buildLoadAssignment({ clusterName, service, port, subset, rule, endpoints, scope, messages, ...facts });
          return encoder.encode(typeUrls.EDS, clusterName, message);
        }),
      );
  });
}

function ruleOf(mesh: Mesh, read: Read, scope: EndpointScope, clientNamespace: string, service: Service) {
  return ruleForProxy(read(mesh.rules.rulesFor(clientNamespace, service.namespace, service.hostname)), 'outbound', scope);
}

function endpointsOf(mesh: Mesh, read: Read, service: Service) {
  return read(mesh.endpoints.at(serviceKey(service))) ?? [];
}
