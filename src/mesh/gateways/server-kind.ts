import { isHttp } from '../../model/protocol.ts';
import type { ResolvedServer } from './merged-gateway.ts';

/** What a server does with a connection, after Istio's `pkg/config/gateway`. */
type Server = Pick<ResolvedServer, 'port' | 'tls'>;

/** It hands TLS through without terminating it. PASSTHROUGH is the mode where none is named. */
export function isPassthrough({ tls }: Server): boolean {
  return tls !== undefined && (tls.mode === undefined || tls.mode === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH');
}

/** Its clients speak TLS; `tls` of an HTTP server says no more than that it redirects. */
export function isTlsServer({ port, tls }: Server): boolean {
  return tls !== undefined && !isHttp(port.protocol);
}

/** Its requests follow a route table: plain HTTP, or HTTPS that ends here. */
export function hasRoutes(server: Server): boolean {
  return isHttp(server.port.protocol) || (server.port.protocol === 'HTTPS' && !isPassthrough(server));
}

/** HTTPS that ends here. */
export function terminatesHttps(server: Server): boolean {
  return server.tls !== undefined && server.port.protocol === 'HTTPS' && !isPassthrough(server);
}
