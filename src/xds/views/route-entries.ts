import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
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

/** The virtual hosts of one service, one per routed port; `listenerPort` 0 for an HTTP proxy or a Unix socket. */
export function serviceEntries(world: RouteWorld, service: Service, listenerPort?: number): readonly VirtualHostEntry[] {
  if (service.resolution === 'Alias') return [];
  const candidates = world.virtualServicesFor(service.hostname);
  return service.ports.filter(isRouted).flatMap((port) => {
    const listener = listenerPort ?? port.number;
    for (const virtualService of candidates) {
      const routes = routesOf(world, virtualService, listener);
      const entry = entryOf(world, { host: service.hostname, port: port.number, listenerPort: listener, service, routes, virtualService });
      if (entry !== undefined) return [entry];
    }
    const hash = consistentHashOfPort(world.findRule(service.hostname), port.number);
    const routes = buildDefaultRoutes(service.hostname, port.number, hash, world.settings);
    const entry = entryOf(world, { host: service.hostname, port: port.number, listenerPort: listener, service, routes });
    return entry === undefined ? [] : [entry];
  });
}

/**
 * The virtual hosts of a VirtualService's hosts that no service has on a port: on port 80, and on the ports of those of its
 * hosts that are services (Istio `buildSidecarVirtualHostsForVirtualService`).
 */
export function unregisteredEntries(world: RouteWorld, virtualService: ResolvedVirtualService): readonly VirtualHostEntry[] {
  const matched = matchedPorts(world, virtualService);
  const ports = [...new Set([80, ...[...matched.values()].flatMap((numbers) => [...numbers])])];
  return ports.flatMap((port) => {
    const hosts = virtualService.hosts.filter((host) => !(matched.get(host)?.has(port) ?? false) && !hasPort(world, host, port));
    if (hosts.length === 0) return [];
    const routes = routesOf(world, virtualService, port);
    return hosts.flatMap((host) => entryOf(world, { host, port, listenerPort: port, routes, virtualService }) ?? []);
  });
}

/** Per host of the VirtualService: the routed ports of the services that it speaks for. */
function matchedPorts(world: RouteWorld, virtualService: ResolvedVirtualService): ReadonlyMap<string, ReadonlySet<number>> {
  const matched = new Map<string, Set<number>>();
  for (const host of virtualService.hosts) {
    const services = isWildcard(host) ? [...world.servicesUnder(host)] : [world.findService(host)];
    for (const service of services) {
      if (service === undefined || !world.virtualServicesFor(service.hostname).includes(virtualService)) continue;
      const ports = matched.get(host) ?? new Set<number>();
      for (const port of service.ports) if (isRouted(port)) ports.add(port.number);
      matched.set(host, ports);
    }
  }
  return matched;
}

function hasPort(world: RouteWorld, host: string, port: number): boolean {
  const services = isWildcard(host) ? [...world.servicesUnder(host)] : [world.findService(host)];
  return services.some((service) => service?.ports.some(({ number }) => number === port) ?? false);
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
  return buildSidecarVirtualHost({ ...options, aliases: aliasesOf(options.host), scope, settings });
}
