import type { OutlierDetection as OutlierMessage } from '../../envoy/generated/envoy/config/cluster/v3/OutlierDetection.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { OutlierDetection } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { Service } from '../../model/service.ts';
import { forcesUnhealthyEndpoints } from '../endpoints/select-endpoints.ts';
import type { ClusterDraft } from './cluster-draft.ts';
import { durationField } from './duration-field.ts';

/**
 * Ejects endpoints that fail. Always without Envoy's success-rate detection, and with the panic threshold at
 * minHealthPercent (0 where unset): in small clusters Envoy's 50 % would send traffic to ejected endpoints.
 */
export function applyOutlierDetection(
  draft: ClusterDraft,
  outlier: OutlierDetection | undefined,
  service: Service,
  settings: MeshSettings,
): void {
  if (outlier === undefined) return;
  draft.cluster.outlier_detection = outlierMessage(outlier);
  const minHealthPercent = outlier.minHealthPercent ?? 0;
  if (minHealthPercent >= 0) {
    const threshold = forcesUnhealthyEndpoints(service, settings.flags) ? 0 : minHealthPercent;
    draft.cluster.common_lb_config = { ...draft.cluster.common_lb_config, healthy_panic_threshold: { value: threshold } };
  }
}

function outlierMessage(outlier: OutlierDetection): OutlierMessage {
  const interval = durationField(outlier.interval);
  const ejection = durationField(outlier.baseEjectionTime);
  const { consecutive5xxErrors: errors, consecutiveGatewayErrors: gatewayErrors } = outlier;
  return {
    enforcing_success_rate: { value: 0 },
    ...(errors === undefined ? {} : { consecutive_5xx: { value: errors }, enforcing_consecutive_5xx: { value: errors > 0 ? 100 : 0 } }),
    ...(gatewayErrors === undefined
      ? {}
      : {
          consecutive_gateway_failure: { value: gatewayErrors },
          enforcing_consecutive_gateway_failure: { value: gatewayErrors > 0 ? 100 : 0 },
        }),
    ...(interval ? { interval } : {}),
    ...(ejection ? { base_ejection_time: ejection } : {}),
    ...((outlier.maxEjectionPercent ?? 0) > 0 ? { max_ejection_percent: { value: outlier.maxEjectionPercent ?? 0 } } : {}),
    ...(outlier.splitExternalLocalOriginErrors === true ? localOrigin(outlier.consecutiveLocalOriginFailures ?? 0) : {}),
  };
}

function localOrigin(failures: number): OutlierMessage {
  return {
    split_external_local_origin_errors: true,
    ...(failures > 0
      ? {
          consecutive_local_origin_failure: { value: failures },
          enforcing_consecutive_local_origin_failure: { value: 100 },
        }
      : {}),
    enforcing_local_origin_success_rate: { value: 0 },
  };
}
