import type { Service, ServicePort } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';

/**
 * The container port that a service port leads to on this pod: a number as it is, a name through the pod's containers
 * (Kubernetes `FindPort`). Undefined: the pod has no such port.
 */
export function podTargetPort(service: Service, port: ServicePort, podPorts: Workload['ports']): number | undefined {
  const target = service.targetPorts[port.number] ?? port.number;
  if (typeof target === 'number') return target;
  return statedPort(podPorts, port.protocol === 'UDP' ? `${target}/UDP` : target);
}

/**
 * The port of a WorkloadEntry that a Kubernetes service port leads to: the entry's `ports` by the name of the target port
 * or else of the service port win over a number; a name that the entry lacks leads nowhere.
 */
export function entryTargetPort(service: Service, port: ServicePort, entry: Workload): number | undefined {
  const target = service.targetPorts[port.number] ?? port.number;
  if (typeof target === 'string') return statedPort(entry.ports, target) || undefined;
  return (port.name === '' ? undefined : statedPort(entry.ports, port.name)) || target;
}

/** The port that a workload states under a name: users choose names freely, `constructor` among them. */
export function statedPort(ports: Workload['ports'], name: string): number | undefined {
  return ports !== undefined && Object.hasOwn(ports, name) ? ports[name] : undefined;
}
