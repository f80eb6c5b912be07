import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { grpcRouterFilter } from './grpc-router-filter.ts';
import { grpcServerTls } from './grpc-tls.ts';

/** What the names of servers' listeners begin with, as Istio's agent writes it into the bootstrap; the server adds `IP:PORT`. */
const inboundListenerPrefix = 'xds.istio.io/grpc/lds/inbound/';

/** Under which names a server on a port may ask: it says the address that it listens on, of which wildcards are usual. */
export function grpcInboundListeners(address: string, port: number, isMutual: boolean): readonly Listener[] {
  const hosts = [...new Set([address, '0.0.0.0', '::', '127.0.0.1', '::1'])];
  return hosts.filter((host) => host !== '').map((host) => buildGrpcInboundListener(host, port, isMutual));
}

/**
 * The listener of an xDS-enabled gRPC server (gRFC A36): mutual TLS or plain text, as gRPC cannot take both. It refuses
 * listener filters, and a server's routes forward nothing.
 */
function buildGrpcInboundListener(host: string, port: number, isMutual: boolean): Listener {
  const kind = isMutual ? 'mtls' : 'plaintext';
  const socket = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return {
    name: `${inboundListenerPrefix}${socket}`,
    address: { socket_address: { address: host, port_value: port } },
    filter_chains: [
      {
        name: `inbound-${kind}`,
        filters: [
          {
            name: `inbound-hcm${kind}`,
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              route_config: {
                name: 'inbound',
                virtual_hosts: [{ domains: ['*'], routes: [{ match: { prefix: '/' }, non_forwarding_action: {} }] }],
              },
              http_filters: [grpcRouterFilter],
            },
          },
        ],
        ...(isMutual && { transport_socket: grpcServerTls() }),
      },
    ],
  };
}
