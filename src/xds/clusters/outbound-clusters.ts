import type { ServiceMutualTls } from '../../mesh/authentication/service-mutual-tls.ts';
import type { EndpointScope, OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { EndpointInput } from '../endpoints/endpoint-input.ts';
import { buildEmbeddedAssignment } from '../endpoints/load-assignment.ts';
import { keepsDrainingEndpoints } from '../endpoints/select-endpoints.ts';
import { outboundClusterName, sniName } from '../names.ts';
import { autoMutualTlsAllowed } from './auto-mutual-tls.ts';
import { applyEdsConfig, applyMetadataExchange, baseCluster, discoveryType, isDns } from './base-cluster.ts';
import { type ClusterDraft, finishCluster, type NamedCluster } from './cluster-draft.ts';
import { describeRule, describeService } from './cluster-metadata.ts';
import { finishForwardProxy, forwardProxyDraft, isDynamicForwardProxy } from './dynamic-forward-proxy.ts';
import { altStatName, fillStatName } from './stat-name.ts';
import { applyOutboundPolicy } from './traffic-policy-settings.ts';
import { applyProxyProtocol } from './transport-sockets.ts';
import { applyUpstreamTls } from './upstream-tls.ts';

/** What a DNS cluster, which holds its endpoints, depends on beside the others: leave it out for all other resolutions. */
export type EmbeddedEndpoints = Pick<EndpointInput, 'endpoints' | 'messages' | 'acceptsMutualTls' | 'isClusterLocal' | 'gateways'> & {
  readonly scope: EndpointScope;
};

/** Everything that the outbound clusters of one service depend on. */
export interface OutboundClusterInput {
  readonly service: Service;
  readonly rule: EffectiveRule | undefined;
  /** SPIFFE identities of the service's endpoints and of the service itself, sorted. */
  readonly serviceAccounts: readonly string[];
  readonly mtls: ServiceMutualTls;
  readonly embedded?: EmbeddedEndpoints;
  readonly settings: MeshSettings;
  readonly scope: OutboundScope;
}

/**
 * The clusters of one service: for every port but UDP, one for the whole service and one for each subset of the rule that
 * the client sees. An alias has none, and a DNS service has none for a port or subset without endpoints.
 */
export function buildOutboundClusters(input: OutboundClusterInput): NamedCluster[] {
  if (input.service.resolution === 'Alias') return [];
  const ports = input.service.ports.filter((port) => port.protocol !== 'UDP');
  if (isDynamicForwardProxy(input.service)) return ports.flatMap((port) => forwardProxyClusters(input, port));
  return ports.flatMap((port) => {
    const whole = serviceCluster(input, port);
    return whole === undefined ? [] : [finishCluster(whole), ...subsetClusters(input, port)];
  });
}

function serviceCluster(input: OutboundClusterInput, port: ServicePort): ClusterDraft | undefined {
  const { service, settings } = input;
  const draft = outboundDraft(input, port, '');
  if (draft === undefined) return undefined;
  if (keepsDrainingEndpoints(service)) {
    draft.cluster.common_lb_config = {
      ...draft.cluster.common_lb_config,
      override_host_status: { statuses: ['HEALTHY', 'DRAINING', 'UNKNOWN', 'DEGRADED'] },
    };
  }
  const policy = policyFor(input.rule, port.number, undefined, settings.config.defaultTrafficPolicy);
  applyPolicy(draft, input, port, '', policy);
  if (service.meshExternal) draft.istioMetadata['external'] = true;
  if (input.rule !== undefined) describeRule(draft, input.rule, policy);
  return draft;
}

function subsetClusters(input: OutboundClusterInput, port: ServicePort): NamedCluster[] {
  const { rule, settings } = input;
  if (rule === undefined) return [];
  return rule.subsets.flatMap(({ subset }) => {
    const policy = policyFor(rule, port.number, subset.name, settings.config.defaultTrafficPolicy);
    const draft = outboundDraft(input, port, subset.name);
    if (draft === undefined) return [];
    applyPolicy(draft, input, port, subset.name, policy);
    describeRule(draft, rule, policy);
    draft.istioMetadata['subset'] = subset.name;
    return [finishCluster(draft)];
  });
}

function outboundDraft(input: OutboundClusterInput, port: ServicePort, subset: string): ClusterDraft | undefined {
  const { service, settings, scope } = input;
  const name = outboundClusterName(port.number, subset, service.hostname);
  const type = discoveryType(service, scope.role, settings);
  const loadAssignment = isDns(type) ? embedded(input, port, subset, name) : undefined;
  if (isDns(type) && loadAssignment === undefined) return undefined;
  const draft = baseCluster({ name, type, port, service, scope, settings, ...(loadAssignment ? { loadAssignment } : {}) });
  if (settings.flags.PILOT_ENABLE_TELEMETRY_LABEL) describeService(draft, service);
  const pattern = settings.config.outboundClusterStatName;
  if (pattern) draft.cluster.alt_stat_name = altStatName(fillStatName(pattern, { service, port, subset, targetPort: 0 }));
  return draft;
}

function embedded(input: OutboundClusterInput, port: ServicePort, subset: string, clusterName: string) {
  const { service, rule, settings } = input;
  if (input.embedded === undefined) return undefined;
  const endpointInput = { ...input.embedded, clusterName, service, port, rule, settings };
  return buildEmbeddedAssignment(
    subset === '' ? endpointInput : { ...endpointInput, subset },
    discoveryType(service, input.scope.role, settings) === 'LOGICAL_DNS',
  );
}

function applyPolicy(
  draft: ClusterDraft,
  input: OutboundClusterInput,
  port: ServicePort,
  subset: string,
  policy: TrafficPolicy | undefined,
): void {
  const { service, scope, settings, rule } = input;
  applyOutboundPolicy(draft, policy, { service, port, role: scope.role, settings });
  // Istio infers the mode from the level that the cluster stands for: the rule's own policy or the subset's, unmerged.
  const own = subset === '' ? rule?.trafficPolicy : rule?.subsets.find((entry) => entry.subset.name === subset)?.subset.trafficPolicy;
  applyUpstreamTls(draft, policy?.tls, {
    service,
    serviceAccounts: input.serviceAccounts,
    sni: draft.isDynamicForwardProxy ? '' : sniName(port.number, subset, service.hostname),
    isAutoAllowed: autoMutualTlsAllowed(service, port, own, input.mtls, settings),
    isForSelectedWorkloads: rule?.workloadSelector !== undefined,
    settings,
    scope,
  });
  applyProxyProtocol(draft, policy?.proxyProtocol);
  applyEdsConfig(draft);
  applyMetadataExchange(draft, scope, settings);
}

/** No subsets: the host is not known before the request. */
function forwardProxyClusters(input: OutboundClusterInput, port: ServicePort): NamedCluster[] {
  const { service, settings, scope, rule } = input;
  const draft = forwardProxyDraft(service, port, scope, settings);
  if (draft === undefined) return [];
  const policy = policyFor(rule, port.number, undefined, settings.config.defaultTrafficPolicy);
  applyPolicy(draft, input, port, '', policy);
  if (service.meshExternal) draft.istioMetadata['external'] = true;
  if (rule !== undefined) describeRule(draft, rule, policy);
  return [finishForwardProxy(draft)];
}
