import { type ConfigObject, objectKey, refOf } from '../../model/config-object.ts';
import { isHttp, parseProtocol } from '../../model/protocol.ts';
import type { GatewayServer, IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';
import type { ResolvedServer } from './merged-gateway.ts';
import { hasRoutes } from './server-kind.ts';

/** The servers of a Gateway with hosts, protocol and defaults in full. */
export function resolveServers(gateway: ConfigObject<IstioGateway>): readonly ResolvedServer[] {
  const source = refOf(gateway);
  return (gateway.spec.servers ?? []).map((server, index) => ({
    gateway: objectKey(gateway),
    source,
    index,
    name: server.name ?? '',
    port: { number: server.port.number, name: server.port.name, protocol: parseProtocol(server.port.protocol) },
    bind: server.bind ?? '',
    hosts: resolveHosts(server, gateway.namespace),
    ...(server.tls && { tls: server.tls }),
  }));
}

/** `./host` belongs to the Gateway's namespace, `*\/host` to every one; `*\/*` is everything (Istio `sanitizeServerHostNamespace`). */
function resolveHosts(server: GatewayServer, namespace: string): readonly string[] {
  if (server.hosts.includes('*/*')) return ['*'];
  return server.hosts.map((text) => {
    const slash = text.indexOf('/');
    if (slash < 0) return text;
    const [owner, host] = [text.slice(0, slash), text.slice(slash + 1)];
    if (owner === '*') return host;
    return owner === '.' ? `${namespace}/${host}` : text;
  });
}

/** Server names of its TLS clients, sorted, each once (Istio `GetSNIHostsForServer`). */
export function sniHostsOf(server: ResolvedServer): readonly string[] {
  if (server.tls === undefined) return [];
  return [...new Set(server.hosts.map((host) => host.slice(host.indexOf('/') + 1)))].sort();
}

/**
 * `http.8080` after the port that is listened on, shared by all its servers; `https.443.name.gateway.namespace` after the
 * port that the Gateway states (Istio `gatewayRDSRouteName`). Other bind addresses are appended.
 */
export function routeNameOf(server: ResolvedServer, listenerPort: number): string {
  const { port, source } = server;
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (isHttp(port.protocol)) return `http.${listenerPort}${bind}`;
  return hasRoutes(server) ? `https.${port.number}.${port.name}.${source.name}.${source.namespace}${bind}` : '';
}
