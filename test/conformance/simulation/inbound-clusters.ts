import type { Cluster } from '../../../src/envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import { fromStruct } from '../../../src/lib/struct.ts';
import type { ExpectedInboundCluster } from './case.ts';

/** The clusters to the workload itself in the form of the suite: address:port or socket path, and the services of their statistics. */
export function inboundClusters(clusters: readonly Cluster[]): readonly ExpectedInboundCluster[] {
  return clusters
    .filter(({ name }) => name?.startsWith('inbound') === true)
    .map((cluster) => ({ name: cluster.name ?? '', endpoints: endpointsOf(cluster), telemetryServices: servicesOf(cluster) }));
}

function endpointsOf({ load_assignment: assignment }: Cluster): readonly string[] {
  return (assignment?.endpoints ?? [])
    .flatMap(({ lb_endpoints }) => lb_endpoints ?? [])
    .map(({ endpoint }) => {
      const { socket_address: socket, pipe } = endpoint?.address ?? {};
      return pipe?.path ?? `${socket?.address}:${socket?.port_value}`;
    });
}

function servicesOf({ metadata }: Cluster): readonly string[] {
  const { services } = fromStruct(metadata?.filter_metadata?.['istio'] ?? undefined);
  return Array.isArray(services) ? services.map((service: { readonly host?: string }) => service.host ?? '') : [];
}
