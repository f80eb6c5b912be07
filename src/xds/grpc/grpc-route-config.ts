import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { outboundClusterName } from '../names.ts';
import { dedupeDomains } from '../routes/dedupe-domains.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import { buildGrpcRoute } from './grpc-route.ts';

/**
 * The route table of one port of a service, for that service alone (Istio `grpcgen` filters the table of the whole port
 * down to the host that was asked for).
 */
export function buildGrpcRouteConfig(entry: VirtualHostEntry): RouteConfiguration {
  const name = outboundClusterName(entry.port, '', entry.host);
  const virtualHosts = dedupeDomains([entry]).virtualHosts.map((virtualHost) => ({
    name: virtualHost.name ?? '',
    domains: virtualHost.domains ?? [],
    routes: (virtualHost.routes ?? []).flatMap((route) => buildGrpcRoute(route, name) ?? []),
  }));
  return { name, virtual_hosts: virtualHosts };
}
