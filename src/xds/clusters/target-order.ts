import { compareText } from '../../model/config-object.ts';
import type { ServiceTarget } from '../../model/service-target.ts';

/**
 * The order in which a workload's service ports compete for one target port (Istio `SetServiceTargets`): the oldest service,
 * then by hostname; ports of one service as it lists them.
 */
export function oldestFirst(a: ServiceTarget, b: ServiceTarget): number {
  return (
    a.service.createdAt - b.service.createdAt ||
    compareText(a.service.hostname, b.service.hostname) ||
    compareText(a.service.namespace, b.service.namespace) ||
    positionOf(a) - positionOf(b)
  );
}

function positionOf({ service, port }: ServiceTarget): number {
  return service.ports.findIndex((candidate) => candidate.number === port.number);
}
