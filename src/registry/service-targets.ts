import type { Cell, Index, MapCell, Read } from '../incremental/cell.ts';
import { compareText } from '../model/config-object.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Labels, selects } from '../model/labels.ts';
import { type Service, type ServicePort, serviceKey } from '../model/service.ts';
import type { ServiceTarget } from '../model/service-target.ts';
import type { Workload } from '../model/workload.ts';
import { originOf } from './augment-labels.ts';
import { findEntry, findPod, type ProxyPlace, type WorkloadTable } from './find-workload.ts';
import { isLive } from './merge/merge-layer.ts';
import { labelGroups } from './selector-index.ts';
import { entryTargetPort, podTargetPort } from './target-port.ts';

/** The endpoints of one service that have one address. */
export interface AddressEndpoints {
  /** `namespace/hostname`. */
  readonly serviceKey: string;
  readonly endpoints: readonly Endpoint[];
}

/** What targets are looked up in. */
export interface TargetLookup {
  readonly workloadTables: Cell<readonly WorkloadTable[]>;
  readonly services: MapCell<Service>;
  readonly servicesBySelector: Index<Service>;
  readonly endpointsByAddress: Index<AddressEndpoints>;
}

/** The ports of services that the proxy's workload serves, in order of the services' age (Istio `GetProxyServiceTargets`). */
export function serviceTargets(lookup: TargetLookup, read: Read, proxy: ProxyPlace): readonly ServiceTarget[] {
  const targets = [...kubeTargets(lookup, read, proxy), ...addressTargets(lookup, read, proxy, proxy.addresses, false)];
  return targets.sort((a, b) => a.service.createdAt - b.service.createdAt || compareText(a.service.hostname, b.service.hostname));
}

/**
 * Kubernetes services: those that select the proxy's WorkloadEntry, else its pod, else (the pod is not known yet) its own
 * labels. A pod that no service selects may still be named by the slices of a service without selector.
 */
function kubeTargets(lookup: TargetLookup, read: Read, proxy: ProxyPlace): readonly ServiceTarget[] {
  const tables = read(lookup.workloadTables);
  const entry = findEntry(tables, read, proxy);
  if (entry) {
    const services = selecting(lookup, read, entry.namespace, entry.labels).filter((each) => each.resolution === 'ClientSideLB');
    return services.flatMap((service) => entryTargets(service, entry));
  }
  const pod = findPod(tables, read, proxy);
  const labels = pod?.labels ?? proxy.labels;
  const services = Object.keys(labels).length === 0 ? [] : selecting(lookup, read, proxy.namespace, labels);
  const ports = pod ? pod.ports : declaredPorts(proxy);
  const targets = services.flatMap((service) => podTargets(service, ports));
  if (!pod || services.length > 0) return targets;
  return addressTargets(lookup, read, proxy, proxy.addresses.slice(0, 1), true);
}

function selecting(lookup: TargetLookup, read: Read, namespace: string, labels: Labels): readonly Service[] {
  const found = new Map<string, Service>();
  for (const group of labelGroups(namespace, labels)) {
    for (const [key, service] of read(lookup.servicesBySelector.group(group))) {
      if (selects(service.selector, labels)) found.set(key, service);
    }
  }
  return [...found.values()].sort((a, b) => compareText(serviceKey(a), serviceKey(b)));
}

function entryTargets(service: Service, entry: Workload): readonly ServiceTarget[] {
  const targets: ServiceTarget[] = [];
  for (const port of service.ports) {
    const isSkipped = port.protocol === 'UDP' || isElsewhere(service, port);
    const targetPort = isSkipped ? undefined : entryTargetPort(service, port, entry);
    if (targetPort !== undefined) targets.push({ service, port, targetPort });
  }
  return targets;
}

/** Two service ports that lead to one container port with one protocol are one listener: the first counts. */
function podTargets(service: Service, ports: Workload['ports']): readonly ServiceTarget[] {
  const targets: ServiceTarget[] = [];
  for (const port of service.ports) {
    const targetPort = isElsewhere(service, port) ? undefined : podTargetPort(service, port, ports);
    if (targetPort === undefined) continue;
    const isKnown = targets.some((known) => known.targetPort === targetPort && known.port.protocol === port.protocol);
    if (!isKnown) targets.push({ service, port, targetPort });
  }
  return targets;
}

/** Only another registry knows the port: nothing says that what the service selects listens there. */
function isElsewhere(service: Service, port: ServicePort): boolean {
  return service.portsElsewhere?.includes(port.number) === true;
}

/**
 * Services of the proxy's namespace that have an endpoint with one of its addresses, of Kubernetes or of all others. What
 * a live registry adds to a Kubernetes service counts as one of the others: it is not found by any selector.
 */
function addressTargets(
  lookup: TargetLookup,
  read: Read,
  proxy: ProxyPlace,
  addresses: readonly string[],
  isKube: boolean,
): readonly ServiceTarget[] {
  const targets: ServiceTarget[] = [];
  for (const address of addresses) {
    for (const found of read(lookup.endpointsByAddress.group(address)).values()) {
      const service = read(lookup.services.at(found.serviceKey));
      if (!service || service.namespace !== proxy.namespace) continue;
      for (const endpoint of found.endpoints) {
        if ((service.provider === 'Kubernetes' && !isOfLiveRegistry(endpoint)) !== isKube) continue;
        const port = service.ports.find((each: ServicePort) => each.name === endpoint.portName);
        if (port) targets.push({ service, port, targetPort: endpoint.port });
      }
    }
  }
  return targets;
}

function isOfLiveRegistry(endpoint: Endpoint): boolean {
  const registry = originOf(endpoint.labels);
  return registry !== undefined && isLive({ registry });
}

/** Container ports as the injector writes them into the node metadata: a JSON text of name, containerPort and protocol. */
function declaredPorts(proxy: ProxyPlace): Workload['ports'] {
  const text = proxy.metadata['POD_PORTS'];
  const json = typeof text === 'string' ? parseJson(text) : text;
  const ports: Record<string, number> = {};
  for (const entry of Array.isArray(json) ? (json as readonly unknown[]) : []) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { name, containerPort, protocol = 'TCP' } = entry as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string' || typeof containerPort !== 'number' || typeof protocol !== 'string') continue;
    ports[protocol === 'TCP' ? name : `${name}/${protocol}`] ??= containerPort;
  }
  return ports;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
