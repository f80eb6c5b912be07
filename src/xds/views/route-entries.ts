import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { foreignHosts, type ReachableServices } from '../../mesh/routing/foreign-hosts.ts';
import { meshGateway, type ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { isWildcard } from '../../model/hostname.ts';
import { isHttp } from '../../model/protocol.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { buildDefaultRoutes } from '../routes/default-route.ts';
import { consistentHashOfPort } from '../routes/hash-policy.ts';
import { buildHttpRoutes } from '../routes/http-routes.ts';
import { buildSidecarVirtualHost } from '../routes/sidecar-virtual-host.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';

/** The mesh as the routes of one class of clients see it: every question they may ask. */
export interface RouteWorld {
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
  readonly findService: (hostname: string) => Service | undefined;
  readonly findRule: (hostname: string) => EffectiveRule | undefined;
  /** VirtualServices that hold for a host, best first. */
  readonly virtualServicesFor: (hostname: string) => readonly ResolvedVirtualService[];
  /** Hosts of the ExternalName services that stand for a hostname. */
  readonly aliasesOf: (hostname: string) => readonly string[];
  /** Every service that a wildcard covers; asked only for VirtualServices with wildcard hosts. */
  readonly servicesUnder: (wildcard: string) => Iterable<Service>;
}

const ofMesh: ReadonlySet<string> = new Set([meshGateway]);

/** A port whose requests are routed by host: HTTP, or sniffed to find out whether it is. */
export function isRouted(port: ServicePort): boolean {
  return isHttp(port.protocol) || port.protocol === 'Auto';
}

/**
 * The virtual hosts of one service, one per routed port; `listenerPort` 0 for an HTTP proxy or a Unix socket. An alias has one
 * only where a VirtualService is about it: otherwise it is a name of what it stands for.
 */
export function serviceEntries(world: RouteWorld, service: Service, listenerPort?: number): readonly VirtualHostEntry[] {
  const isAlias = service.resolution === 'Alias';
  const candidates = world.virtualServicesFor(service.hostname);
  return service.ports.filter(isRouted).flatMap((port) => {
    const listener = listenerPort ?? port.number;
    for (const virtualService of candidates) {
      const routes = routesOf(world, virtualService, listener);
      const entry = entryOf(world, { host: service.hostname, port: port.number, listenerPort: listener, service, routes, virtualService });
      if (entry !== undefined) return [entry];
    }
    if (isAlias) return [];
    const hash = consistentHashOfPort(world.findRule(service.hostname), port.number);
    const routes = buildDefaultRoutes(service.hostname, port.number, hash, world.settings);
    const entry = entryOf(world, { host: service.hostname, port: port.number, listenerPort: listener, service, routes });
    return entry === undefined ? [] : [entry];
  });
}

/**
 * The virtual hosts of a VirtualService's hosts that are no services, for every port on which they may be asked for;
 * `listenerPort` 0 for an HTTP proxy or a Unix socket.
 */
export function unregisteredEntries(
  world: RouteWorld,
  virtualService: ResolvedVirtualService,
  listenerPort?: number,
): readonly VirtualHostEntry[] {
  const listeners = listenerPort === undefined ? routedPorts(world, virtualService) : [listenerPort];
  return listeners.flatMap((listener) => {
    const foreign = foreignHosts(virtualService, world.scope.namespace, reachableOn(world, listener));
    if (foreign.length === 0) return [];
    const routes = routesOf(world, virtualService, listener);
    return foreign.flatMap(({ host, port }) => entryOf(world, { host, port, listenerPort: listener, routes, virtualService }) ?? []);
  });
}

/** Port 80, where hosts need no service, and the ports of those of its hosts that are services. */
function routedPorts(world: RouteWorld, virtualService: ResolvedVirtualService): readonly number[] {
  const ports = new Set([80]);
  for (const host of virtualService.hosts) {
    for (const service of servicesOf(world, host)) for (const port of service.ports) if (isRouted(port)) ports.add(port.number);
  }
  return [...ports].sort((a, b) => a - b);
}

function servicesOf(world: RouteWorld, host: string): readonly Service[] {
  if (isWildcard(host)) return [...world.servicesUnder(host)];
  const service = world.findService(host);
  return service === undefined ? [] : [service];
}

function reachableOn(world: RouteWorld, port: number): ReachableServices {
  const hasPort = (service: Service) => port === 0 || service.ports.some(({ number }) => number === port);
  return {
    port,
    at: (host) => servicesOf(world, host).find(hasPort),
    under: (pattern) => servicesOf(world, pattern).filter(hasPort),
    decides: (root, host) => world.virtualServicesFor(host).includes(root),
  };
}

function routesOf(world: RouteWorld, virtualService: ResolvedVirtualService, listenerPort: number): readonly Route[] {
  const { scope, settings, findService, findRule } = world;
  return buildHttpRoutes({ virtualService, listenerPort, gateways: ofMesh, scope, findService, findRule, settings });
}

interface EntryOptions {
  readonly host: string;
  readonly port: number;
  readonly listenerPort: number;
  readonly routes: readonly Route[];
  readonly service?: Service;
  readonly virtualService?: ResolvedVirtualService;
}

function entryOf({ scope, settings, aliasesOf }: RouteWorld, options: EntryOptions): VirtualHostEntry | undefined {
  // Names of an alias's aliases are names of what all of them stand for.
  const aliases = options.service?.resolution === 'Alias' ? [] : aliasesOf(options.host);
  return buildSidecarVirtualHost({ ...options, aliases, scope, settings });
}
