import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { EgressScope, SidecarScope } from '../../mesh/sidecar/sidecar-scope.ts';
import { isHttp, parseProtocol } from '../../model/protocol.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import { type RouteWorld, serviceEntries, unregisteredEntries } from './route-entries.ts';
import { tableNames } from './route-table-names.ts';
import { egressWorld } from './route-worlds.ts';

/** Route tables of workloads that a Sidecar holds for: per egress listener the tables of what it imports. */
export function sidecarRouteViews(mesh: Mesh): (scope: OutboundScope) => MapCell<RouteConfiguration> {
  const views = mesh.engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return mesh.engine.mapFrom((read) => {
      const sidecar = read(mesh.sidecars.scope(scope.sidecar ?? '', scope.namespace));
      const resources = new Map<string, RouteConfiguration>();
      for (const egress of sidecar?.egress ?? []) {
        const world = egressWorld(mesh, read, scope, sidecar as SidecarScope, egress);
        for (const table of egressTables(world, sidecar as SidecarScope, egress)) {
          // The first listener with a port has it to itself; the catch-all comes last.
          if (!resources.has(table.name ?? '')) resources.set(table.name ?? '', table);
        }
      }
      return resources;
    });
  });
  return (scope) => views(scopeKey(scope));
}

function egressTables(world: RouteWorld, sidecar: SidecarScope, egress: EgressScope) {
  const port = egress.listener?.port;
  const isHttpProxy = parseProtocol(port?.protocol) === 'HTTP_PROXY';
  const isOwnSocket = egress.listener?.bind?.startsWith('unix://') ?? false;
  const everyPort = isHttpProxy || isOwnSocket;
  const entries = entriesOf(world, egress, everyPort ? 0 : undefined);
  const unknownHosts = sidecar.source.spec.outboundTrafficPolicy;
  const common = { clientNamespace: sidecar.namespace, settings: world.settings, ...(unknownHosts && { unknownHosts }) };
  if (everyPort) {
    const routeName = (port?.number ?? 0) === 0 ? (egress.listener?.bind ?? '') : String(port?.number);
    return [buildSidecarRouteConfig({ ...common, routeName, entries, isHttpProxy })];
  }
  const ofEntries = [...new Set(entries.map((entry) => entry.port))].sort((a, b) => a - b);
  const ports = port?.number === undefined ? ofEntries : [port.number];
  return ports.flatMap((number) => {
    const ofPort = entries.filter((entry) => entry.port === number);
    const findService = (host: string) => egress.services.get(host);
    const { scope, settings } = world;
    const names = tableNames({
      port: number,
      entries: ofPort,
      findService,
      scope,
      settings,
      ...(egress.listener && { egress: egress.listener }),
    });
    // A listener that speaks HTTP asks for its port's table even where nothing that it imports has an HTTP port of that number.
    const isAskedFor = port?.number !== undefined && isHttp(parseProtocol(port.protocol)) && !names.includes(String(number));
    const all = isAskedFor ? [String(number), ...names] : names;
    return all.map((routeName) => buildSidecarRouteConfig({ ...common, routeName, entries: ofPort }));
  });
}

function entriesOf(world: RouteWorld, egress: EgressScope, listenerPort: number | undefined): readonly VirtualHostEntry[] {
  const ofServices = [...egress.services.values()].flatMap((service) => serviceEntries(world, service, listenerPort));
  return [...ofServices, ...egress.virtualServices.flatMap((root) => unregisteredEntries(world, root, listenerPort))];
}
