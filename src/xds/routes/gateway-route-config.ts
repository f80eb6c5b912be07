import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import { intersectHosts, serverHostsFor } from '../../mesh/routing/server-hosts.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { compareText } from '../../model/config-object.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { Service } from '../../model/service.ts';
import { virtualHostName } from '../names.ts';
import { collapseVirtualHosts } from './collapse-virtual-hosts.ts';
import { proxyHeadersOf } from './proxy-headers.ts';
import { isCatchAllMatch } from './route-match.ts';
import { emptyRouteConfig, outboundTableFields } from './sidecar-route-config.ts';
import { sessionPerFilterConfig } from './stateful-session.ts';

/** One server of a merged gateway, as far as its routes ask. */
export interface GatewayRouteServer {
  /** `namespace/name` of the Gateway it comes from. */
  readonly gateway: string;
  /** Port as the Gateway states it (a service port), which the names of its virtual hosts bear. */
  readonly port: number;
  /** `host` or `namespace/host`. */
  readonly hosts: readonly string[];
  readonly hasTls: boolean;
  readonly httpsRedirect: boolean;
}

export interface GatewayRouteConfigInput {
  readonly routeName: string;
  readonly role: ProxyRole;
  /** Servers that share the route name, in the order of merging. */
  readonly servers: readonly GatewayRouteServer[];
  /** VirtualServices bound to a gateway and visible, from `virtualServicesOfGateway`. */
  readonly virtualServicesOf: (gateway: string) => readonly ResolvedVirtualService[];
  /** Their routes on a server, from `buildHttpRoutes`. Same arguments should give the same array: equal hosts then share a virtual host. */
  readonly routesOf: (virtualService: ResolvedVirtualService, server: GatewayRouteServer) => readonly Route[];
  /** The service that a host is, if it is one: sessions with it hold for the whole virtual host. */
  readonly serviceOf?: (host: string, namespace: string) => Service | undefined;
  readonly settings: MeshSettings;
}

/**
 * The table of one route name of a gateway (Istio `buildGatewayHTTPRouteConfig`). Unlike on sidecars all VirtualServices of
 * a host count: their routes follow each other, those that take everything last. Hosts of VirtualServices are cut to
 * those of the server. Without any virtual host everything is 404.
 */
export function buildGatewayRouteConfig(input: GatewayRouteConfigInput): RouteConfiguration {
  const [first] = input.servers;
  if (first === undefined) return emptyRouteConfig(input.routeName);
  const merged = mergeHosts(input);
  const virtualHosts = merged.size === 0 ? [blackHole(first.port)] : collapseVirtualHosts([...merged.values()].map(toVirtualHost(input)));
  return {
    name: input.routeName,
    ...outboundTableFields,
    virtual_hosts: [...virtualHosts].sort((a, b) => compareText(a.name ?? '', b.name ?? '')),
    ...(input.role !== 'grpc' && { ignore_port_in_host_matching: true }),
  };
}

interface GatewayHost {
  readonly host: string;
  readonly port: number;
  readonly routes: Route[];
  /** Of the VirtualService that the host was first met in. */
  readonly namespace: string;
  requiresTls: boolean;
}

function mergeHosts(input: GatewayRouteConfigInput): ReadonlyMap<string, GatewayHost> {
  const merged = new Map<string, GatewayHost>();
  const at = (host: string, server: GatewayRouteServer, namespace = ''): GatewayHost => {
    const entry = merged.get(host) ?? { host, namespace, port: server.port, routes: [], requiresTls: false };
    merged.set(host, entry);
    if (server.httpsRedirect) entry.requiresTls = true;
    return entry;
  };
  for (const server of input.servers) {
    for (const virtualService of input.virtualServicesOf(server.gateway)) {
      const hosts = intersectHosts(serverHostsFor(server.hosts, virtualService.namespace), virtualService.hosts);
      const routes = hosts.length === 0 ? [] : input.routesOf(virtualService, server);
      if (routes.length === 0) continue;
      for (const host of hosts) at(host, server, virtualService.namespace).routes.push(...routes);
    }
    // Hosts without routes redirect all the same.
    if (server.httpsRedirect) for (const host of server.hosts) at(host.slice(host.indexOf('/') + 1).toLowerCase(), server);
  }
  return merged;
}

function toVirtualHost(input: GatewayRouteConfigInput) {
  const { includeRequestAttemptCount } = proxyHeadersOf(input.settings);
  return ({ host, namespace, port, routes, requiresTls }: GatewayHost): VirtualHost => ({
    name: virtualHostName(host, port),
    domains: [host],
    ...(routes.length > 0 && { routes: catchAllLast(routes) }),
    ...(routes.length > 0 && sessionsOf(input, host, namespace)),
    ...(requiresTls && { require_tls: 'ALL' as const }),
    ...(includeRequestAttemptCount && { include_request_attempt_count: true }),
  });
}

/** Only of hosts that have routes: one that redirects alone keeps no sessions. */
function sessionsOf(input: GatewayRouteConfigInput, host: string, namespace: string): Pick<VirtualHost, 'typed_per_filter_config'> {
  if (!input.settings.flags.PILOT_ENABLE_PERSISTENT_SESSION_FILTER) return {};
  const config = sessionPerFilterConfig(input.serviceOf?.(host, namespace), input.settings);
  return Object.keys(config).length === 0 ? {} : { typed_per_filter_config: config };
}

/** Several VirtualServices may each end in a route that takes everything; none of them may hide the routes of the others. */
function catchAllLast(routes: readonly Route[]): Route[] {
  const isCatchAll = (route: Route) => isCatchAllMatch(route.match ?? {});
  return [...routes.filter((route) => !isCatchAll(route)), ...routes.filter(isCatchAll)];
}

/** No route matches anything: Envoy answers 404. */
function blackHole(port: number): VirtualHost {
  return { name: virtualHostName('blackhole', port), domains: ['*'] };
}
