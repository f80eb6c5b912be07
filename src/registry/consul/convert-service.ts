import { compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { type Service, type ServicePort, serviceKey } from '../../model/service.ts';
import { canonicalEndpoints } from '../endpoint-order.ts';
import { exportToOf } from '../export-to.ts';
import type { ConsulMapping } from './consul-settings.ts';
import { hostLabel } from './host-labels.ts';
import { type EndpointFacts, hasNamedAddress, instanceEndpoints, instanceNamespace } from './instance-endpoints.ts';
import type { InstanceFacts, ServiceFacts } from './service-facts.ts';
import { servicePorts } from './service-ports.ts';

/** A service as the registry keeps it. */
export interface StoredService extends ServiceFacts {
  /** Keys of the instances that were well before all of them failed, where clients are to keep them. */
  readonly kept?: readonly string[];
}

export interface ServiceConversion {
  readonly registryId: string;
  readonly mapping: ConsulMapping;
  readonly defaultServiceExportTo: readonly string[];
  /** First part of the host, as `distinctLabels` gives it. */
  readonly label: string;
}

/** One host of a service in one namespace of the mesh, and the instances behind it. */
interface Host {
  readonly hostname: string;
  readonly namespace: string;
  readonly instances: readonly InstanceFacts[];
}

/**
 * The services of the mesh that one of Consul is: `<service>.service.consul`, the same with the datacenter, and where wanted one for each tag;
 * in each namespace that its instances name. Hosts beside the first are services of their own with the same endpoints.
 */
export function convertServices(service: ServiceFacts, conversion: ServiceConversion): readonly (readonly [string, Service])[] {
  return hostsOf(service, conversion).map((host) => {
    const converted = convertHost(service, host, conversion);
    return [serviceKey(converted), converted] as const;
  });
}

export function convertEndpoints(
  service: ServiceFacts,
  conversion: ServiceConversion,
  facts: EndpointFacts,
): readonly (readonly [string, readonly Endpoint[]])[] {
  const made = new Map<InstanceFacts, readonly Endpoint[]>();
  const portsOf = new Map<string, ReadonlyMap<string, ServicePort>>();
  return hostsOf(service, conversion).map((host) => {
    const ports = portsOf.get(host.namespace) ?? servicePorts(inNamespace(service, host.namespace, conversion.mapping), conversion.mapping);
    portsOf.set(host.namespace, ports);
    const endpoints = host.instances.flatMap((instance) => {
      const known = made.get(instance) ?? instanceEndpoints(service, instance, ports, facts);
      made.set(instance, known);
      return known;
    });
    return [serviceKey(host), canonicalEndpoints(endpoints)] as const;
  });
}

function convertHost(
  { name, instances: all }: ServiceFacts,
  { hostname, namespace, instances }: Host,
  conversion: ServiceConversion,
): Service {
  const { registryId, mapping, defaultServiceExportTo } = conversion;
  // Hosts of tags have the ports of the whole service, so that endpoints are the same everywhere.
  const ports = servicePorts(inNamespace({ name, instances: all }, namespace, mapping), mapping);
  return {
    hostname,
    namespace,
    name,
    provider: 'Consul',
    clusterId: registryId,
    ports: [...new Set(ports.values())].sort((a, b) => a.number - b.number),
    resolution: hasNamedAddress(instances, mapping) ? 'DNSLB' : 'ClientSideLB',
    meshExternal: false,
    addresses: virtualAddresses(instances),
    autoAllocated: {},
    exportTo: exportToOf(undefined, defaultServiceExportTo),
    serviceAccounts: [],
    labels: {},
    selector: {},
    createdAt: 0,
    targetPorts: {},
    internalTrafficPolicyLocal: false,
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: { kind: 'ConsulService', namespace, name },
  };
}

function hostsOf(service: ServiceFacts, { mapping, label }: ServiceConversion): readonly Host[] {
  const namespaces = new Set(service.instances.map((instance) => instanceNamespace(instance, mapping)));
  if (namespaces.size === 0) namespaces.add(mapping.meshNamespace);
  return [...namespaces].sort(compareText).flatMap((namespace) => {
    const instances = inNamespace(service, namespace, mapping);
    const datacenters = mapping.datacenterHosts ? distinct(instances.map(({ datacenter }) => datacenter)) : [];
    const tags = mapping.tagHosts ? distinct(instances.flatMap((instance) => instance.tags.filter(isHostTag))) : [];
    return [
      { hostname: `${label}.service.${mapping.domain}`, namespace, instances },
      ...datacenters.map((datacenter) => ({
        hostname: `${label}.service.${hostLabel(datacenter)}.${mapping.domain}`,
        namespace,
        instances: instances.filter((instance) => instance.datacenter === datacenter),
      })),
      ...tags.map((tag) => ({
        hostname: `${tag.toLowerCase()}.${label}.service.${mapping.domain}`,
        namespace,
        instances: instances.filter((instance) => instance.tags.includes(tag)),
      })),
    ];
  });
}

function inNamespace(service: ServiceFacts, namespace: string, mapping: ConsulMapping): readonly InstanceFacts[] {
  return service.instances.filter((instance) => instanceNamespace(instance, mapping) === namespace);
}

/** The address that Consul gave to the service itself. */
function virtualAddresses(instances: readonly InstanceFacts[]): readonly string[] {
  const stated = instances.map(({ tagged }) => (tagged['virtual'] ?? tagged['consul-virtual'])?.address ?? '');
  return distinct(stated).slice(0, 1);
}

function isHostTag(tag: string): boolean {
  return /^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(tag);
}

/** Sorted, without what is empty. */
function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort(compareText);
}
