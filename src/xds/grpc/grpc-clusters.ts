import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { Service } from '../../model/service.ts';
import type { NamedCluster } from '../clusters/cluster-draft.ts';
import { altStatName } from '../clusters/stat-name.ts';
import { keepsDrainingEndpoints } from '../endpoints/select-endpoints.ts';
import { outboundClusterName } from '../names.ts';
import { grpcLoadBalancing } from './grpc-load-balancing.ts';
import { grpcMutualTls } from './grpc-tls.ts';

export interface GrpcClustersInput {
  readonly service: Service;
  readonly rule: EffectiveRule | undefined;
  /** SPIFFE identities of the service's endpoints, sorted. */
  readonly serviceAccounts: readonly string[];
  readonly settings: MeshSettings;
  readonly features: Pick<OutboundScope['features'], 'workloadCertificates'>;
}

/**
 * The clusters of one service for proxyless gRPC (Istio `grpcgen`): per port one for the whole service and one for each
 * subset, all with endpoints over ADS, and of the traffic policy only what gRPC understands.
 */
export function buildGrpcClusters(input: GrpcClustersInput): NamedCluster[] {
  const { service, rule, settings } = input;
  if (service.resolution === 'Alias') return [];
  const ports = service.ports.filter((port) => port.protocol !== 'UDP');
  const subsets = [undefined, ...(rule?.subsets ?? []).map(({ subset }) => subset.name)];
  return ports.flatMap((port) =>
    subsets.map((subset) => {
      const name = outboundClusterName(port.number, subset ?? '', service.hostname);
      return buildCluster(name, policyFor(rule, port.number, subset, settings.config.defaultTrafficPolicy), subset === undefined, input);
    }),
  );
}

function buildCluster(name: string, policy: TrafficPolicy | undefined, isWhole: boolean, input: GrpcClustersInput): NamedCluster {
  const { service, serviceAccounts, features } = input;
  const maxRequests = policy?.connectionPool?.http?.http2MaxRequests ?? 0;
  const isMutual = policy?.tls?.mode === 'ISTIO_MUTUAL' && features.workloadCertificates;
  return {
    name,
    type: 'EDS',
    alt_stat_name: altStatName(name),
    eds_cluster_config: { service_name: name, eds_config: { ads: {}, resource_api_version: 'V3' } },
    ...grpcLoadBalancing(policy?.loadBalancer),
    ...(maxRequests > 0 && { circuit_breakers: { thresholds: [{ max_requests: { value: maxRequests } }] } }),
    ...(isMutual && { transport_socket: grpcMutualTls(policy?.tls?.subjectAltNames ?? serviceAccounts) }),
    ...(isWhole && keepsDrainingEndpoints(service) && { common_lb_config: { override_host_status: { statuses: [...sessionStatuses] } } }),
  };
}

/** Sessions that name their endpoint may reach it whatever its health, but never where it is known to be gone. */
const sessionStatuses = ['HEALTHY', 'DRAINING', 'UNKNOWN', 'DEGRADED'] as const;
