import type { Service } from '../../model/service.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';
import { outboundClusterName } from '../names.ts';

/**
 * Cluster of a destination. Without a port: the service's only one, else the listener's, which may name a cluster that
 * does not exist. The cluster of an alias is that of the host it stands for; an empty host, which only a broken backend
 * reference of the Gateway API gives, is `UnknownService` (Istio `GetDestinationCluster`).
 */
export function destinationCluster(destination: Destination, service: Service | undefined, listenerPort: number): string {
  if (destination.host === '') return 'UnknownService';
  const host = service?.externalName ?? destination.host;
  const only = service?.ports.length === 1 ? service.ports[0]?.number : undefined;
  return outboundClusterName(destination.port?.number ?? only ?? listenerPort, destination.subset ?? '', host);
}
