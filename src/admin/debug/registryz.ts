import type { Resolution, Service } from '../../model/service.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyArray } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';
import { goTime } from './go-time.ts';
import { registryReports } from './registry-reports.ts';

/** Go shows these enumerations as numbers. */
const resolutions: readonly Resolution[] = ['ClientSideLB', 'DNSLB', 'Passthrough', 'DNSRoundRobinLB', 'Alias', 'DynamicDNS'];
const distributions: readonly (Service['trafficDistribution'] | undefined)[] = [undefined, 'PreferSameZone', 'PreferSameNode'];

/** `/debug/registryz`: every service of every registry, in the shape of Istio's `model.Service`; `?status` asks for the registries themselves. */
export function registryz(context: DebugContext): HttpEndpoint {
  return {
    path: '/debug/registryz',
    help: 'The services of all registries; ?status: how each registry is',
    answer: (query) => jsonAnswer(query.has('status') ? registryReports(context) : new LazyArray(each(context.services.get())), query),
  };
}

function* each(services: ReadonlyMap<string, Service>): Generator<object> {
  for (const service of services.values()) yield serviceJson(service);
}

function serviceJson(service: Service): object {
  const { v4, v6 } = service.autoAllocated;
  return {
    Attributes: attributes(service),
    ports: service.ports.map(({ name, number, protocol }) => ({ name, port: number, protocol })),
    ...(service.serviceAccounts.length === 0 ? {} : { serviceAccounts: service.serviceAccounts }),
    creationTime: goTime(service.createdAt),
    hostname: service.hostname,
    clusterVIPs: { Addresses: clusterVips(service) },
    defaultAddress: service.addresses[0] ?? '0.0.0.0',
    ...(v4 === undefined ? {} : { autoAllocatedIPv4Address: v4 }),
    ...(v6 === undefined ? {} : { autoAllocatedIPv6Address: v6 }),
    Resolution: resolutions.indexOf(service.resolution),
    MeshExternal: service.meshExternal,
  };
}

function clusterVips({ clusterAddresses, clusterId, addresses }: Service): object | null {
  return clusterAddresses ?? (addresses.length === 0 ? null : { [clusterId]: addresses });
}

function attributes(service: Service): object {
  const { clusterId, externalAddresses, nodePorts } = service;
  return {
    ServiceRegistry: service.provider,
    Name: service.name,
    Namespace: service.namespace,
    Labels: service.labels,
    ExportTo: Object.fromEntries(service.exportTo.map((namespace) => [namespace, {}])),
    LabelSelectors: service.selector,
    ClusterExternalAddresses: { Addresses: externalAddresses.length === 0 ? null : { [clusterId]: externalAddresses } },
    ClusterExternalPorts: nodePorts === undefined ? null : { [clusterId]: nodePorts },
    Type: service.kubeType ?? '',
    ExternalName: service.externalName ?? '',
    NodeLocal: service.internalTrafficPolicyLocal,
    TrafficDistribution: distributions.indexOf(service.trafficDistribution),
    ObjectName: service.source.name,
    PublishNotReadyAddresses: service.publishNotReadyAddresses,
  };
}
