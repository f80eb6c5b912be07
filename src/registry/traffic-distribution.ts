import type { Labels } from '../model/labels.ts';
import type { Service } from '../model/service.ts';

const annotation = 'networking.istio.io/traffic-distribution';

/** The three places that can say it, strongest first. */
export interface TrafficDistributionSources {
  readonly field?: string | undefined;
  readonly annotations: Labels;
  readonly namespaceAnnotations: Labels;
}

/**
 * `spec.trafficDistribution`, else the object's annotation, else its namespace's. An annotation with an unknown value means
 * any, and hides the namespace's (Istio `model.GetTrafficDistribution`).
 */
export function trafficDistribution(sources: TrafficDistributionSources): Service['trafficDistribution'] {
  const { field } = sources;
  if (field === 'PreferClose' || field === 'PreferSameZone') return 'PreferSameZone';
  if (field === 'PreferSameNode') return 'PreferSameNode';
  const own = (sources.annotations[annotation] ?? '').toLowerCase();
  const text = own === '' ? (sources.namespaceAnnotations[annotation] ?? '').toLowerCase() : own;
  if (text === 'preferclose' || text === 'prefersamezone') return 'PreferSameZone';
  return text === 'prefersamenode' ? 'PreferSameNode' : undefined;
}
