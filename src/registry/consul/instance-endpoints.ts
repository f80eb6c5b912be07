import { isIpAddress } from '../../lib/cidr.ts';
import type { Endpoint, EndpointHealth } from '../../model/endpoint.ts';
import type { ServicePort } from '../../model/service.ts';
import { augmentLabels, localityFromLabels, networkLabel, tlsModeLabel } from '../augment-labels.ts';
import { type NetworkRules, networkOf } from '../networks/network-rules.ts';
import { spiffeId, type WorkloadInstance } from '../workload-instance.ts';
import type { ConsulMapping } from './consul-settings.ts';
import { instanceLabels, meshHint } from './instance-labels.ts';
import { instancePorts } from './instance-ports.ts';
import type { InstanceFacts, ServiceFacts } from './service-facts.ts';

export interface EndpointFacts {
  readonly registryId: string;
  readonly trustDomain: string;
  readonly networks: NetworkRules;
  readonly mapping: ConsulMapping;
  /** The pod or WorkloadEntry at an address, where there is exactly one. */
  readonly workloadAt: (address: string) => WorkloadInstance | undefined;
  /** Whether an instance that fails its checks is nevertheless to be used. */
  readonly isUsable: (instance: InstanceFacts) => boolean;
}

/** One endpoint for each port of an instance that the service has too. */
export function instanceEndpoints(
  service: ServiceFacts,
  instance: InstanceFacts,
  ports: ReadonlyMap<string, ServicePort>,
  facts: EndpointFacts,
): readonly Endpoint[] {
  const { mapping } = facts;
  const { address, port: statedPort } = placeOf(instance, mapping);
  if (address === '') return [];
  const workload = facts.workloadAt(address);
  const about = describe(service, instance, address, workload, facts);
  return instancePorts(instance, mapping.protocol).flatMap(({ key, number }, index) => {
    const portName = ports.get(key)?.name;
    if (portName === undefined) return [];
    if (number === 0) return [{ ...about, address: `unix://${instance.socketPath}`, port: 0, portName }];
    return [{ ...about, address, port: index === 0 && statedPort > 0 ? statedPort : number, portName }];
  });
}

/** Whether some instance can only be reached by a name that Envoy has to look up. */
export function hasNamedAddress(instances: readonly InstanceFacts[], mapping: ConsulMapping): boolean {
  return instances.some((instance) => {
    const { address } = placeOf(instance, mapping);
    return address !== '' && instance.socketPath === '' && !isIpAddress(address);
  });
}

function describe(
  { name }: ServiceFacts,
  instance: InstanceFacts,
  address: string,
  workload: WorkloadInstance | undefined,
  facts: EndpointFacts,
): Omit<Endpoint, 'address' | 'port' | 'portName'> {
  const { registryId, mapping, networks, trustDomain } = facts;
  const own = instanceLabels(instance);
  const namespace = instanceNamespace(instance, mapping);
  const serviceAccount = meshHint(instance, 'serviceaccount') ?? mapping.serviceAccount.replaceAll('{service}', name);
  const locality = localityFromLabels(instance.meta) || workload?.workload.locality || instance.locality || instance.datacenter;
  const network = own[networkLabel] ?? (mapping.network || workload?.network || networkOf(networks, address, own));
  const named = workload?.workload.labels ?? {};
  const labels = augmentLabels(
    { ...named, ...own },
    { clusterId: registryId, locality, nodeName: instance.node, network, registry: { id: registryId, provider: 'Consul' } },
  );
  const { health, weight } = healthOf(instance, facts.isUsable(instance));
  return {
    labels,
    locality,
    weight,
    health,
    serviceAccount: workload?.identity || (serviceAccount === '' ? '' : spiffeId(trustDomain, namespace, serviceAccount)),
    network,
    clusterId: registryId,
    namespace,
    workloadName: workload?.workload.workloadName || name,
    tlsMode: workload?.tlsMode === 'istio' || own[tlsModeLabel] === 'istio' ? 'istio' : 'disabled',
    nodeName: instance.node,
  };
}

/** The one that it states, where it can be one. */
export function instanceNamespace(instance: InstanceFacts, mapping: ConsulMapping): string {
  const stated = meshHint(instance, 'namespace');
  return stated !== undefined && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(stated) ? stated : mapping.meshNamespace;
}

/** A weight of 0 is Consul's way to say that no request is to come; Envoy's weights begin at 1. */
function healthOf(instance: InstanceFacts, isUsable: boolean): { readonly health: EndpointHealth; readonly weight: number } {
  const { passing, warning } = instance.weights;
  const weight = instance.state === 'warning' ? warning : passing;
  const at = { weight: Math.max(1, weight) };
  if (instance.state === 'maintenance') return { ...at, health: 'DRAINING' };
  if (instance.state === 'critical') return { ...at, health: isUsable ? 'HEALTHY' : 'UNHEALTHY' };
  return { ...at, health: weight === 0 ? 'DRAINING' : 'HEALTHY' };
}

/** Where an instance is reached: its own address, else its node's. A port of 0 is the instance's own. */
function placeOf(instance: InstanceFacts, mapping: ConsulMapping): { readonly address: string; readonly port: number } {
  const { tagged, nodeTagged } = instance;
  if (mapping.addresses === 'wan') {
    const wan = tagged['wan'] ?? tagged['wan_ipv4'] ?? tagged['wan_ipv6'];
    if (wan !== undefined && wan.address !== '') return wan;
    if (instance.address === '' && nodeTagged['wan'] !== undefined) return { address: nodeTagged['wan'], port: 0 };
  }
  const own = isAnyAddress(instance.address) ? '' : instance.address;
  return { address: own || instance.nodeAddress, port: 0 };
}

/** What a program binds to when it means all of its machine's addresses. */
function isAnyAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
