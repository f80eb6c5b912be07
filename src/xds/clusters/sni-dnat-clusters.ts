import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import type { ServicePort } from '../../model/service.ts';
import { buildEmbeddedAssignment } from '../endpoints/load-assignment.ts';
import { sniName } from '../names.ts';
import { applyEdsConfig, applyMetadataExchange, baseCluster, discoveryType, isDns } from './base-cluster.ts';
import { finishCluster, type NamedCluster } from './cluster-draft.ts';
import { describeRule, describeService } from './cluster-metadata.ts';
import type { OutboundClusterInput } from './outbound-clusters.ts';
import { applyOutboundPolicy } from './traffic-policy-settings.ts';

/**
 * The clusters behind a gateway with AUTO_PASSTHROUGH: named like the SNI of mutual TLS (`outbound_.80_.v1_.host`), without
 * TLS of their own, as they forward what clients have encrypted. External services have none.
 */
export function buildSniDnatClusters(input: Omit<OutboundClusterInput, 'serviceAccounts' | 'mtls'>): NamedCluster[] {
  const { service, rule } = input;
  if (service.meshExternal || service.resolution === 'Alias') return [];
  const subsets = ['', ...(rule?.subsets ?? []).map(({ subset }) => subset.name)];
  return service.ports
    .filter((port) => port.protocol !== 'UDP')
    .flatMap((port) => {
      const clusters = subsets.map((subset) => sniDnatCluster(input, port, subset));
      // Without the whole service there is nothing to take a part of.
      return clusters[0] === undefined ? [] : clusters.filter((cluster) => cluster !== undefined);
    });
}

function sniDnatCluster(
  input: Omit<OutboundClusterInput, 'serviceAccounts' | 'mtls'>,
  port: ServicePort,
  subset: string,
): NamedCluster | undefined {
  const { service, rule, settings, scope, embedded } = input;
  const name = sniName(port.number, subset, service.hostname);
  const type = discoveryType(service, scope.role, settings);
  const endpointInput = embedded && { ...embedded, clusterName: name, service, port, rule, settings, subset };
  const loadAssignment = isDns(type) && endpointInput ? buildEmbeddedAssignment(endpointInput, type === 'LOGICAL_DNS') : undefined;
  if (isDns(type) && loadAssignment === undefined) return undefined;
  const draft = baseCluster({ name, type, port, service, scope, settings, ...(loadAssignment ? { loadAssignment } : {}) });
  if (settings.flags.PILOT_ENABLE_TELEMETRY_LABEL) describeService(draft, service);
  const policy = policyFor(rule, port.number, subset, settings.config.defaultTrafficPolicy);
  applyOutboundPolicy(draft, policy, { service, port, role: scope.role, settings });
  applyEdsConfig(draft);
  applyMetadataExchange(draft, scope, settings);
  if (rule !== undefined) describeRule(draft, rule, policy);
  if (subset !== '') draft.istioMetadata['subset'] = subset;
  return finishCluster(draft);
}
