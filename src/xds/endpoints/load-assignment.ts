import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import { effectiveLocalitySettings } from '../../mesh/traffic-policy/locality-settings.ts';
import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { isSniName } from '../names.ts';
import type { EndpointInput } from './endpoint-input.ts';
import { groupByLocality, type LocalityGroup, localityMessages, type Member, sumOfWeights } from './locality-groups.ts';
import { applyLocalitySettings } from './locality-load-balancing.ts';
import { throughGateways } from './network-gateways.ts';
import { isResolvedByDns, mutualTlsCheck, selectEndpoints } from './select-endpoints.ts';

/**
 * The endpoints of one EDS cluster as one proxy class sees them. An assignment without endpoints stands for itself: Envoy
 * must be told that there are none, else the cluster never leaves warming. Services that Envoy resolves by DNS hold their
 * endpoints in the cluster and are empty here.
 */
export function buildLoadAssignment(input: EndpointInput): ClusterLoadAssignment {
  const { service, clusterName } = input;
  if (isResolvedByDns(service)) return { cluster_name: clusterName };
  return assignmentOf(input, localityGroups(input));
}

/** What a service without a Service object or port comes to: no endpoints, which is not the same as no answer. */
export function emptyLoadAssignment(clusterName: string): ClusterLoadAssignment {
  return { cluster_name: clusterName };
}

/**
 * The assignment that stands inside a DNS cluster; undefined where it has no endpoints, in which case there can be no such
 * cluster. LOGICAL_DNS takes exactly one endpoint: the first.
 */
export function buildEmbeddedAssignment(input: EndpointInput, isLogicalDns: boolean): ClusterLoadAssignment | undefined {
  const groups = localityGroups(input);
  if (groups.length === 0) return undefined;
  if (!isLogicalDns) return assignmentOf(input, groups);
  const first = groups.find((group) => group.members.length > 0);
  if (first === undefined) return undefined;
  const members = first.members.slice(0, 1);
  return assignmentOf(input, [{ ...first, members, weight: sumOfWeights(members) }]);
}

/** Selected endpoints with their messages, grouped by locality, other networks replaced by gateways. */
function localityGroups(input: EndpointInput): readonly LocalityGroup[] {
  const isMutual = mutualTlsCheck(input);
  const members = selectEndpoints(input).map((endpoint) => memberOf(endpoint, isMutual(endpoint), input));
  let groups = groupByLocality(members);
  if (input.gateways !== undefined && input.gateways.all.length > 0) {
    groups = throughGateways(groups, input.gateways, input.scope, input.settings.flags.PILOT_ENABLE_TELEMETRY_LABEL);
  }
  return isSniName(input.clusterName) ? groups.map(onlyMutual) : groups;
}

function memberOf(endpoint: Endpoint, isMutual: boolean, { messages }: EndpointInput): Member {
  return {
    message: messages.get(endpoint, isMutual),
    weight: endpoint.weight,
    topology: endpoint,
    isMutual: isMutual && endpoint.tlsMode === 'istio',
  };
}

/** A gateway with AUTO_PASSTHROUGH cannot tell whether what it forwards is mutual TLS: only endpoints that demand it may receive it. */
function onlyMutual(group: LocalityGroup): LocalityGroup {
  const members = group.members.filter((member) => member.isMutual);
  return { ...group, members, weight: members.length === 0 ? undefined : sumOfWeights(members) };
}

function assignmentOf(input: EndpointInput, groups: readonly LocalityGroup[]): ClusterLoadAssignment {
  const { clusterName, service, port, subset, rule, settings, scope } = input;
  if (groups.length === 0) return { cluster_name: clusterName };
  // As in Istio, the mesh's default outlier detection leads to failover only where the cluster holds its endpoints itself.
  const policy = policyFor(rule, port.number, subset, isResolvedByDns(service) ? settings.config.defaultTrafficPolicy : undefined);
  const locality = effectiveLocalitySettings(settings.config, policy?.loadBalancer, service);
  const ignored = locality?.kind === 'zoneAware' && scope.role === 'waypoint';
  const canFailOver = policy?.outlierDetection !== undefined;
  const client = { ...scope, labels: scope.priorityLabels ?? {} };
  const placed = applyLocalitySettings(groups, ignored ? undefined : locality, client, canFailOver);
  return { cluster_name: clusterName, endpoints: localityMessages(placed) };
}
