import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { faultFilterName } from '../routes/fault-filter.ts';
import { grpcRouterFilter } from './grpc-router-filter.ts';

export interface GrpcListenerInput {
  /** `host:port` of the client's `xds:///host:port`. */
  readonly name: string;
  /** The route table, named like the cluster of the whole service. */
  readonly routeConfigName: string;
}

/** What a client applies, in order; gRPC demands that the router is last. */
const httpFilters = [
  { name: faultFilterName, typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault' } },
  grpcRouterFilter,
];

/**
 * The listener of a proxyless gRPC client (gRFC A27, Istio `grpcgen`): no socket, only where to find routes. Unlike
 * Istio's it has no address: by the protocol that is what makes a listener a server's (istio#38914).
 */
export function buildGrpcListener({ name, routeConfigName }: GrpcListenerInput): Listener {
  return {
    name,
    api_listener: {
      api_listener: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
        rds: { config_source: { ads: {}, resource_api_version: 'V3' }, route_config_name: routeConfigName },
        http_filters: httpFilters,
      },
    },
  };
}
