import type { EndpointHealth } from '../../model/endpoint.ts';
import type { Labels } from '../../model/labels.ts';
import type { SliceEndpoint } from '../../schema/kubernetes/endpoint-slice.ts';

/** Service labels that bind a client to one endpoint: such an endpoint is drained rather than cut off. */
const persistentSessionLabels = ['istio.io/persistent-session', 'istio.io/persistent-session-header'] as const;

/**
 * Health out of the conditions of an EndpointSlice. An absent condition counts as true, also `terminating`, as in Istio
 * (`endpointslice.go endpointHealthStatus`).
 */
export function endpointHealth(conditions: NonNullable<SliceEndpoint['conditions']>, serviceLabels: Labels): EndpointHealth {
  if (conditions.ready !== false) return 'HEALTHY';
  if (conditions.terminating === false) return 'UNHEALTHY';
  const isPersistent = persistentSessionLabels.some((label) => (serviceLabels[label] ?? '') !== '');
  return isPersistent && conditions.serving !== false ? 'DRAINING' : 'TERMINATING';
}
