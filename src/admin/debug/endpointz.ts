import { compareText } from '../../model/config-object.ts';
import type { Endpoint, EndpointHealth } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { originOf } from '../../registry/augment-labels.ts';
import { isLive, shardName } from '../../registry/merge/merge-layer.ts';
import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import { LazyObject } from '../json-chunks.ts';
import type { DebugContext } from './debug-context.ts';

/** Istio counts these from 1. */
const healths: readonly EndpointHealth[] = ['HEALTHY', 'UNHEALTHY', 'DRAINING', 'TERMINATING'];

/** `/debug/endpointShardz` and its old name: endpoints by hostname, namespace and shard, in the shape of Istio's `EndpointShards`. */
export function endpointPages({ services, endpoints }: DebugContext): readonly HttpEndpoint[] {
  const answer = (query: URLSearchParams) => jsonAnswer(new LazyObject(byHostname(services.get(), endpoints.get())), query);
  return [
    { path: '/debug/endpointz', help: 'The same as endpointShardz, under its old name', answer },
    { path: '/debug/endpointShardz', help: 'The endpoints of all services by registry and cluster', answer },
  ];
}

function* byHostname(
  services: ReadonlyMap<string, Service>,
  endpoints: ReadonlyMap<string, readonly Endpoint[]>,
): Generator<readonly [string, unknown]> {
  const keys = new Map<string, string[]>();
  for (const [key, { hostname }] of services) keys.set(hostname, [...(keys.get(hostname) ?? []), key]);
  for (const hostname of [...keys.keys()].sort(compareText)) {
    const namespaces = (keys.get(hostname) ?? []).flatMap((key) => {
      const service = services.get(key);
      return service === undefined ? [] : [[service.namespace, shards(service, endpoints.get(key) ?? [])] as const];
    });
    yield [hostname, Object.fromEntries(namespaces)];
  }
}

function shards(service: Service, endpoints: readonly Endpoint[]): object {
  const byShard = Map.groupBy(endpoints, (endpoint) => shardOf(service, endpoint));
  const sorted = [...byShard].sort(([a], [b]) => compareText(a, b));
  const accounts = new Set(endpoints.map(({ serviceAccount }) => serviceAccount).filter((account) => account !== ''));
  return {
    Shards: Object.fromEntries(sorted.map(([shard, members]) => [shard, members.map(endpointJson)])),
    ServiceAccounts: Object.fromEntries([...accounts].sort(compareText).map((account) => [account, {}])),
  };
}

/** What a live registry says of a service is a shard of its own, whoever else knows the service. */
function shardOf(service: Service, { labels, clusterId }: Endpoint): string {
  const registry = originOf(labels);
  return registry !== undefined && isLive({ registry }) ? shardName({ registry }) : `${service.provider}/${clusterId}`;
}

function endpointJson(endpoint: Endpoint): object {
  return {
    Labels: endpoint.labels,
    Addresses: [endpoint.address],
    ServicePortName: endpoint.portName,
    ServiceAccount: endpoint.serviceAccount,
    Network: endpoint.network,
    Locality: { Label: endpoint.locality, ClusterID: endpoint.clusterId },
    EndpointPort: endpoint.port,
    LbWeight: endpoint.weight,
    TLSMode: endpoint.tlsMode,
    Namespace: endpoint.namespace,
    WorkloadName: endpoint.workloadName,
    HostName: endpoint.hostname ?? '',
    SubDomain: endpoint.subDomain ?? '',
    ...(endpoint.sources === undefined ? {} : { Sources: endpoint.sources }),
    HealthStatus: healths.indexOf(endpoint.health) + 1,
    NodeName: endpoint.nodeName ?? '',
  };
}
