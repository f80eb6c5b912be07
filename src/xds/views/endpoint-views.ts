import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { EndpointScope } from '../../mesh/scope.ts';
import { rememberedKey, scopeKey } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { effectiveLocalitySettings } from '../../mesh/traffic-policy/locality-settings.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { LbEndpoints } from '../endpoints/lb-endpoints.ts';
import { buildLoadAssignment } from '../endpoints/load-assignment.ts';
import { addressFamilies, worldOfService } from '../endpoints/world-of-service.ts';
import { outboundClusterName } from '../names.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { acceptance, mutualTlsRefusal } from './endpoint-mutual-tls.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

const noRule = {};

/**
 * ClusterLoadAssignments by cluster name. Services whose endpoints look the same from everywhere are in a layer of their
 * own, so that proxies in a hundred localities share it.
 */
export function endpointViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
  messages: LbEndpoints,
): (scope: EndpointScope) => MapCell<EncodedResource> {
  const assignments = (read: Read, scope: EndpointScope, clientNamespace: string, service: Service, wantsPlace: boolean) => {
    if (!usesEds(service, scope)) return [];
    const world = read(mesh.endpointWorld);
    const { settings } = world;
    const rules = read(mesh.rules.rulesFor(clientNamespace, service.namespace, service.hostname));
    const rule = ruleForProxy(rules, 'outbound', scope);
    if (dependsOnPlace(service, rule, settings) !== wantsPlace) return [];
    const endpoints = read(mesh.endpoints.at(serviceKey(service))) ?? [];
    const refusal = mutualTlsRefusal(mesh, read, endpoints);
    const facts = { settings, ...worldOfService(world, service), ...acceptance(refusal) };
    const key = `${keyOf(scope)}${JSON.stringify(addressFamilies(world, scope.features))}`;
    return encoder.once([service, rule ?? noRule, endpoints, world, refusal], key, () =>
      service.ports.flatMap((port) =>
        ['', ...(rule?.subsets ?? []).map(({ subset }) => subset.name)].map((subset) => {
          const clusterName = outboundClusterName(port.number, subset, service.hostname);
          const input = { clusterName, service, port, subset, rule, endpoints, scope, messages, ...facts };
          const message = buildLoadAssignment(input);
          return encoder.encode(typeUrls.EDS, clusterName, message);
        }),
      ),
    );
  };
  const sameEverywhere = perServiceViews<EndpointScope>(mesh, (read, scope, client, service) =>
    assignments(read, scope, client, service, false),
  );
  const byPlace = perServiceViews<EndpointScope>(mesh, (read, scope, client, service) => assignments(read, scope, client, service, true));
  const views = mesh.engine.mapFamily((key) => {
    const scope = JSON.parse(key) as EndpointScope;
    return mesh.engine.overlay<EncodedResource>([byPlace(scope), sameEverywhere(withoutPlace(scope))]);
  });
  return (scope) => views(scopeKey(scope.ownHeaders === undefined ? scope : withoutHeaders(scope)));
}

/** Whether a cluster of the service takes its endpoints from EDS: routers and gRPC ask for them even where sidecars pass through. */
function usesEds(service: Service, { role }: EndpointScope): boolean {
  return service.resolution === 'ClientSideLB' || (service.resolution === 'Passthrough' && (role === 'router' || role === 'grpc'));
}

/** Whether the answer depends on where the client runs: on its locality, its labels or its node. */
function dependsOnPlace(service: Service, rule: EffectiveRule | undefined, settings: MeshSettings): boolean {
  if (service.internalTrafficPolicyLocal || service.trafficDistribution !== undefined) return true;
  const levels = service.ports.flatMap((port) =>
    [undefined, ...(rule?.subsets ?? [])].map((subset) => policyFor(rule, port.number, subset?.subset.name)),
  );
  return levels.some((policy) => {
    const locality = effectiveLocalitySettings(settings.config, policy?.loadBalancer, service);
    if (locality === undefined) return false;
    if (policy?.outlierDetection !== undefined) return true;
    return locality.kind === 'zoneAware' || (locality.setting.distribute ?? []).length > 0;
  });
}

const keyOf = rememberedKey(withoutIdentity);

/** What of the scope endpoints can depend on besides the rule, which is an input of its own. */
function withoutIdentity(scope: EndpointScope): object {
  const { network, networkView, locality, nodeName, priorityLabels, role, clusterId, features } = scope;
  return { network, networkView, locality, nodeName, priorityLabels, role, clusterId, certificates: features.workloadCertificates };
}

function withoutPlace(scope: EndpointScope): EndpointScope {
  const { priorityLabels: _, ...others } = scope;
  return { ...others, locality: '', nodeName: '' };
}

/** Endpoints say nothing of headers. */
function withoutHeaders(scope: EndpointScope): EndpointScope {
  const { ownHeaders: _, ...others } = scope;
  return others;
}
