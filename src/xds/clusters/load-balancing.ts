import type { _envoy_config_cluster_v3_Cluster_SlowStartConfig as SlowStart } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { effectiveLocalitySettings, type LocalitySettings } from '../../mesh/traffic-policy/locality-settings.ts';
import type { LoadBalancer } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { forcesUnhealthyEndpoints } from '../endpoints/select-endpoints.ts';
import type { ClusterDraft } from './cluster-draft.ts';
import { durationField } from './duration-field.ts';

/** How an endpoint is chosen; needs outlier detection to have been applied, as locality failover depends on it. */
export function applyLoadBalancer(
  draft: ClusterDraft,
  balancer: LoadBalancer | undefined,
  about: { readonly service: Service; readonly port: ServicePort; readonly role: ProxyRole; readonly settings: MeshSettings },
): void {
  const { cluster } = draft;
  const { service, port, role, settings } = about;
  if (cluster.lb_policy === 'CLUSTER_PROVIDED') return;
  const sendsUnhealthy = settings.flags.PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS || forcesUnhealthyEndpoints(service, settings.flags);
  if (sendsUnhealthy && !cluster.common_lb_config?.healthy_panic_threshold) {
    cluster.common_lb_config = { ...cluster.common_lb_config, healthy_panic_threshold: { value: 0 } };
  }
  applyLocality(draft, effectiveLocalitySettings(settings.config, balancer, service), role);
  if (cluster.type === 'ORIGINAL_DST') {
    cluster.lb_policy = 'CLUSTER_PROVIDED';
    return;
  }
  if (port.protocol === 'Redis' && settings.flags.PILOT_ENABLE_REDIS_FILTER) {
    cluster.lb_policy = 'MAGLEV';
    return;
  }
  applyAlgorithm(draft, balancer);
  applyConsistentHash(draft, balancer?.consistentHash);
}

function applyAlgorithm({ cluster }: ClusterDraft, balancer: LoadBalancer | undefined): void {
  const slowStart = slowStartConfig(balancer);
  switch (balancer?.simple) {
    case 'RANDOM':
      cluster.lb_policy = 'RANDOM';
      return;
    case 'ROUND_ROBIN':
      cluster.lb_policy = 'ROUND_ROBIN';
      if (slowStart) cluster.round_robin_lb_config = { slow_start_config: slowStart };
      return;
    case 'PASSTHROUGH':
      cluster.lb_policy = 'CLUSTER_PROVIDED';
      cluster.type = 'ORIGINAL_DST';
      delete cluster.load_assignment;
      return;
    default:
      cluster.lb_policy = 'LEAST_REQUEST';
      if (slowStart) cluster.least_request_lb_config = { slow_start_config: slowStart };
  }
}

function slowStartConfig(balancer: LoadBalancer | undefined): SlowStart | undefined {
  const { warmup } = balancer ?? {};
  const window = durationField(warmup === undefined ? balancer?.warmupDurationSecs : warmup.duration);
  if (warmup === undefined) return window === undefined ? undefined : { slow_start_window: window };
  return {
    ...(window === undefined ? {} : { slow_start_window: window }),
    // Envoy demands a runtime key; Istio writes one that nobody can set.
    aggression: { default_value: warmup.aggression ?? 1, runtime_key: '(' },
    min_weight_percent: { value: warmup.minimumPercent ?? 10 },
  };
}

function applyConsistentHash({ cluster }: ClusterDraft, hash: LoadBalancer['consistentHash']): void {
  if (hash === undefined) return;
  delete cluster.round_robin_lb_config;
  delete cluster.least_request_lb_config;
  if (hash.maglev !== undefined) {
    cluster.lb_policy = 'MAGLEV';
    if (hash.maglev.tableSize) cluster.maglev_lb_config = { table_size: { value: hash.maglev.tableSize } };
    return;
  }
  cluster.lb_policy = 'RING_HASH';
  const size = hash.ringHash === undefined ? hash.minimumRingSize || 1024 : hash.ringHash.minimumRingSize;
  if (size) cluster.ring_hash_lb_config = { minimum_ring_size: { value: size } };
}

/** Locality weights count only where failover or distribution was asked for: they would disturb LEAST_REQUEST otherwise. */
function applyLocality({ cluster }: ClusterDraft, locality: LocalitySettings | undefined, role: ProxyRole): void {
  if (locality === undefined) return;
  if (locality.kind === 'zoneAware') {
    if (role === 'waypoint') return;
    const { minClusterSize } = locality.setting;
    cluster.common_lb_config = {
      ...cluster.common_lb_config,
      zone_aware_lb_config: {
        ...(locality.isEnabled ? {} : { routing_enabled: { value: 0 } }),
        ...(minClusterSize === undefined ? {} : { min_cluster_size: { value: minClusterSize } }),
      },
    };
    return;
  }
  const { failover = [], failoverPriority = [], distribute = [] } = locality.setting;
  const failsOver = locality.forcesFailover || cluster.outlier_detection !== undefined;
  if ((failsOver && (failover.length > 0 || failoverPriority.length > 0)) || distribute.length > 0) {
    cluster.common_lb_config = { ...cluster.common_lb_config, locality_weighted_lb_config: {} };
  }
}
