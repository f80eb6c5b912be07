import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import { serviceEntries, unregisteredEntries } from './route-entries.ts';
import { routeOverrides } from './route-overrides.ts';
import { tablesOfEntry } from './route-table-names.ts';
import { namespaceWorld } from './route-worlds.ts';
import { type EntryGroup, EntrySettler, type OwnedEntry } from './settled-entries.ts';

/**
 * Outbound route tables by name. Virtual hosts are made once for all namespaces, and again only for those hosts that a
 * namespace sees differently; a table lists them.
 */
export function routeViews(mesh: Mesh): (scope: OutboundScope) => MapCell<RouteConfiguration> {
  const { engine } = mesh;
  const overridesOf = routeOverrides(mesh, { shortNames: true });
  const settler = new EntrySettler();

  const shared = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const ofServices = engine.flatMap(mesh.services.everywhere, (service, _host, read) => ownedByService(mesh, read, scope, service));
    const ofOthers = engine.flatMap(mesh.virtualServices.publicRoots, (root, vsKey, read) =>
      owned(`vs:${vsKey}`, unregisteredEntries(namespaceWorld(mesh, read, scope), root), ({ port }) => [String(port)]),
    );
    return engine.overlay<OwnedEntry>([ofServices, ofOthers]);
  });
  const sharedByPort = engine.mapFamily((key) => engine.index(shared(key), ({ entry }) => [String(entry.port)]).groups);

  const own = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const hosts = engine.mapFrom((read) => [...read(overridesOf(scope)).hosts].map((host) => [host, true] as const));
    const roots = engine.mapFrom((read) => read(overridesOf(scope)).virtualServices);
    const ofServices = engine.flatMap(hosts, (_true, host, read) => {
      const service = read(mesh.services.find(scope.namespace, host));
      return service === undefined ? [] : ownedByService(mesh, read, scope, service);
    });
    const ofOthers = engine.flatMap(roots, (root, vsKey, read) =>
      owned(`vs:${vsKey}`, unregisteredEntries(namespaceWorld(mesh, read, scope), root), ({ port }) => [String(port)]),
    );
    return engine.overlay<OwnedEntry>([ofServices, ofOthers]);
  });
  const ownByPort = engine.mapFamily((key) => engine.index(own(key), ({ entry }) => [String(entry.port)]).groups);

  const ofNamespace = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const common = sharedByPort(scopeKey(anyClient(scope)));
    const mine = ownByPort(key);
    const ports = engine.union(
      [engine.mapValues(common, () => true as const), engine.mapValues(mine, () => true as const)],
      () => true as const,
    );
    return engine.flatMap(ports, (_true, port, read) => {
      const overrides = read(overridesOf(scope));
      const isHidden = (owner: string) =>
        owner.startsWith('vs:') ? overrides.virtualServices.has(owner.slice(3)) : overrides.hosts.has(owner);
      const theirs = read(common.at(port)) ?? noEntries;
      const own = read(mine.at(port)) ?? noEntries;
      const settings = read(mesh.settings);
      const entries = [...[...theirs.values()].filter(({ owner }) => !isHidden(owner)), ...own.values()];
      const settled = settler.settle(theirs, isHidden, own);
      return [...new Set(entries.flatMap(({ tables: names }) => names))].map((routeName) => {
        const ofTable = settled?.entriesOf(routeName) ?? entries.map(({ entry }) => entry);
        const input = { routeName, entries: ofTable, clientNamespace: scope.namespace, settings, isSettled: settled !== undefined };
        return [routeName, buildSidecarRouteConfig(input)] as const;
      });
    });
  });
  return (scope) => ofNamespace(scopeKey(scope));
}

const noEntries: EntryGroup = new Map();

function ownedByService(mesh: Mesh, read: Read, scope: OutboundScope, service: Service) {
  const world = namespaceWorld(mesh, read, scope);
  return owned(service.hostname, serviceEntries(world, service), ({ port }) =>
    tablesOfEntry(service, { port, scope, settings: world.settings }),
  );
}

function owned(owner: string, entries: readonly VirtualHostEntry[], tablesOf: (entry: VirtualHostEntry) => readonly string[]) {
  return entries.map((entry): readonly [string, OwnedEntry] => [
    `${entry.port}|${entry.host}|${owner}`,
    { owner, entry, tables: tablesOf(entry) },
  ]);
}

/** The scope of clients in no namespace of the same cluster: short names without a namespace belong to nobody then. */
function anyClient(scope: OutboundScope): OutboundScope {
  const { sidecar: _, ...rest } = scope;
  const dot = scope.dnsDomain.indexOf('.');
  const inKubernetes = scope.dnsDomain.includes('.svc.');
  return { ...rest, namespace: '', labels: {}, dnsDomain: inKubernetes ? `~${scope.dnsDomain.slice(dot)}` : scope.dnsDomain };
}
