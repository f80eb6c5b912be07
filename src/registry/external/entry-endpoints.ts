import { isIpAddress } from '../../lib/cidr.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { registryLabels } from '../augment-labels.ts';
import { statedPort } from '../target-port.ts';
import { endpointOf, type WorkloadInstance } from '../workload-instance.ts';
import { isDnsResolution } from './convert-service-entry.ts';
import { convertInlineEndpoint, type EntrySettings, externalRegistry } from './convert-workload-entry.ts';

const unixPrefix = 'unix://';

/** The endpoints that a ServiceEntry writes itself: its `endpoints`, or its host where DNS finds them. */
export function inlineEndpoints(object: ConfigObject<ServiceEntry>, service: Service, settings: EntrySettings): readonly Endpoint[] {
  const entries = object.spec.endpoints ?? [];
  if (entries.length === 0 && isDnsResolution(service.resolution)) {
    return service.ports.map((port) => hostEndpoint(object, service, port));
  }
  const instances = entries.map((entry, index) => convertInlineEndpoint(object, entry, index, settings));
  return instanceEndpoints(service, instances);
}

/** The endpoints of the workloads that a ServiceEntry selects; names and sockets serve only where DNS resolves. */
export function selectedEndpoints(service: Service, instances: readonly WorkloadInstance[]): readonly Endpoint[] {
  const usable = (instance: WorkloadInstance): boolean => !instance.isDnsOnly || isDnsResolution(service.resolution);
  return instanceEndpoints(service, instances.filter(usable));
}

function instanceEndpoints(service: Service, instances: readonly WorkloadInstance[]): readonly Endpoint[] {
  const out: Endpoint[] = [];
  for (const instance of instances) {
    const address = instance.workload.addresses[0];
    if (address === undefined || !isReachable(service, address)) continue;
    for (const port of service.ports) {
      const number = address.startsWith(unixPrefix) ? 0 : targetPort(service, port, instance);
      out.push(endpointOf(instance, { address, port: number, portName: port.name, health: 'HEALTHY' }));
    }
  }
  return out;
}

/** Resolution STATIC takes IP addresses and unix sockets alone. */
function isReachable(service: Service, address: string): boolean {
  return service.resolution !== 'ClientSideLB' || address.startsWith(unixPrefix) || isIpAddress(address);
}

/** The workload's port of the same name wins over the ServiceEntry's targetPort, and that over its number. */
function targetPort(service: Service, port: ServicePort, instance: WorkloadInstance): number {
  const stated = statedPort(instance.workload.ports, port.name);
  if (stated) return stated;
  const target = service.targetPorts[port.number];
  return typeof target === 'number' ? target : port.number;
}

function hostEndpoint(object: ConfigObject<ServiceEntry>, service: Service, port: ServicePort): Endpoint {
  const target = service.targetPorts[port.number];
  return {
    address: service.hostname,
    port: typeof target === 'number' ? target : port.number,
    portName: port.name,
    labels: registryLabels(externalRegistry),
    locality: '',
    weight: 1,
    health: 'HEALTHY',
    serviceAccount: '',
    network: '',
    clusterId: service.clusterId,
    namespace: object.namespace,
    workloadName: object.name,
    tlsMode: 'disabled',
  };
}
