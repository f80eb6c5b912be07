import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { entryTargetPort, podTargetPort } from '../target-port.ts';
import { endpointOf, type WorkloadInstance } from '../workload-instance.ts';
import { endpointHealth } from './endpoint-health.ts';
import { dualStackAddresses } from './slice-endpoints.ts';

/**
 * What Kubernetes' EndpointSlice controller would write for these pods. It is used for services that have a selector and no
 * slice: in a directory of files nobody runs that controller.
 */
export function podEndpoints(service: Service, pods: readonly WorkloadInstance[], isDualStack: boolean): readonly Endpoint[] {
  const out: Endpoint[] = [];
  for (const pod of pods) {
    const address = pod.workload.addresses[0];
    if (address === undefined || pod.isFinished) continue;
    const [, ...additionalAddresses] = (isDualStack ? dualStackAddresses(service, pod) : undefined) ?? [];
    const where = { address, ...(additionalAddresses.length > 0 && { additionalAddresses }) };
    const conditions = {
      ready: service.publishNotReadyAddresses || (pod.isReady && !pod.isTerminating),
      serving: pod.isReady,
      terminating: pod.isTerminating,
    };
    const health = endpointHealth(conditions, service.labels);
    for (const port of service.ports) {
      const target = podTargetPort(service, port, pod.workload.ports);
      if (target !== undefined) out.push(endpointOf(pod, { ...where, port: target, portName: port.name, health }));
    }
  }
  return out;
}

/** The WorkloadEntries that a Kubernetes Service selects (Istio `collectWorkloadInstanceEndpoints`): addresses only. */
export function entryEndpoints(service: Service, entries: readonly WorkloadInstance[]): readonly Endpoint[] {
  const out: Endpoint[] = [];
  for (const entry of entries) {
    const address = entry.workload.addresses[0];
    if (address === undefined || entry.isDnsOnly) continue;
    for (const port of service.ports) {
      const target = entryTargetPort(service, port, entry.workload);
      if (target !== undefined) out.push(endpointOf(entry, { address, port: target, portName: port.name, health: 'HEALTHY' }));
    }
  }
  return out;
}
