import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import type { UnknownHostPolicy } from '../routes/catch-all-virtual-host.ts';
import { byEntryKey, ownedByRoot, ownedByService, ownerOfRoot, portOfEntry } from './owned-entries.ts';
import { serviceEntries, unregisteredEntries } from './route-entries.ts';
import { type RouteOverrides, routeOverrides } from './route-overrides.ts';
import { namespaceWorld } from './route-worlds.ts';
import type { EntryGroup, OwnedEntry } from './settled-entries.ts';
import { isTakenApart } from './virtual-host-encoder.ts';

/** What a namespace has of one owner instead of what all namespaces share. */
export interface OwnEntries {
  /** The shared entries that do not hold for it. */
  readonly hidden: readonly OwnedEntry[];
  readonly entries: readonly OwnedEntry[];
}

/** The virtual hosts of clients without a Sidecar, before they are settled: made once for all, and again where a namespace differs. */
export interface RouteLayers {
  /** The scope that stands for all clients which share with one of this scope: a key of families. */
  readonly sharedKey: (scope: OutboundScope) => string;
  /** Of that scope, by port, host and owner. */
  readonly shared: (sharedKey: string) => MapCell<OwnedEntry>;
  /** By owner. */
  readonly own: (scope: OutboundScope) => MapCell<OwnEntries>;
  /** By port, host and owner. */
  readonly ownEntries: (scope: OutboundScope) => MapCell<OwnedEntry>;
  readonly sharedByPort: (sharedKey: string) => MapCell<EntryGroup>;
  readonly ownByPort: (scope: OutboundScope) => MapCell<EntryGroup>;
  /** The tables that are there whatever a namespace has of its own, sniffed ones left out. */
  readonly sharedTables: (sharedKey: string) => MapCell<true>;
  readonly ownTables: (scope: OutboundScope) => MapCell<true>;
  readonly overrides: (scope: OutboundScope) => Cell<RouteOverrides>;
  /** What becomes of other hosts, where that is not what the mesh says. */
  readonly unknownHosts: (read: Read, scope: OutboundScope) => UnknownHostPolicy | undefined;
}

export function routeLayers(mesh: Mesh): RouteLayers {
  const { engine } = mesh;
  const overrides = routeOverrides(mesh, { shortNames: true });
  const sharedServices = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return engine.mapValues(mesh.services.everywhere, (service, _host, read) => entriesOfService(mesh, read, scope, service));
  });
  const sharedRoots = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    return engine.mapValues(mesh.virtualServices.publicRoots, (root, vsKey, read) =>
      ownedByRoot(vsKey, unregisteredEntries(namespaceWorld(mesh, read, scope), root)),
    );
  });
  const shared = engine.mapFamily((key) =>
    engine.overlay<OwnedEntry>([engine.flatMap(sharedServices(key), byEntryKey), engine.flatMap(sharedRoots(key), byEntryKey)]),
  );

  const own = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const common = scopeKey(anyClient(scope));
    const hosts = engine.mapFrom((read) => [...read(overrides(scope)).hosts].map((host) => [host, true] as const));
    const roots = engine.mapFrom((read) => read(overrides(scope)).virtualServices);
    const ofServices = engine.mapValues(hosts, (_true, host, read): OwnEntries => {
      const service = read(mesh.services.find(scope.namespace, host));
      return {
        hidden: read(sharedServices(common).at(host)) ?? [],
        entries: service === undefined ? [] : entriesOfService(mesh, read, scope, service),
      };
    });
    const ofRoots = engine.flatMap(roots, (root, vsKey, read) => {
      const entries = unregisteredEntries(namespaceWorld(mesh, read, scope), root);
      const ownEntries: OwnEntries = {
        hidden: read(sharedRoots(common).at(vsKey)) ?? [],
        entries: ownedByRoot(vsKey, entries),
      };
      return [[ownerOfRoot(vsKey), ownEntries] as const];
    });
    return engine.overlay<OwnEntries>([ofServices, ofRoots]);
  });
  const ownEntries = engine.mapFamily((key) => engine.flatMap(own(key), ({ entries }) => byEntryKey(entries)));
  const sharedByPort = engine.mapFamily((key) => engine.index(shared(key), portOfEntry).groups);
  const ownByPort = engine.mapFamily((key) => engine.index(ownEntries(key), portOfEntry).groups);
  const sharedTables = engine.mapFamily((key) => engine.flatMap(shared(key), tablesTakenApart));
  const ownTables = engine.mapFamily((key) => engine.flatMap(ownEntries(key), tablesTakenApart));
  return {
    sharedKey: (scope) => scopeKey(anyClient(scope)),
    shared,
    own: (scope) => own(scopeKey(scope)),
    ownEntries: (scope) => ownEntries(scopeKey(scope)),
    sharedByPort,
    ownByPort: (scope) => ownByPort(scopeKey(scope)),
    sharedTables,
    ownTables: (scope) => ownTables(scopeKey(scope)),
    overrides,
    unknownHosts: () => undefined,
  };
}

/** Whether what all namespaces share of an owner does not hold for a namespace with these overrides. */
export function isHiddenBy({ hosts, virtualServices }: RouteOverrides): (owner: string) => boolean {
  return (owner) => (owner.startsWith('vs:') ? virtualServices.has(owner.slice(3)) : hosts.has(owner));
}

/** Names of the tables of an entry but for sniffed ones. */
export function tablesTakenApart({ tables }: OwnedEntry): readonly (readonly [string, true])[] {
  return tables.filter(isTakenApart).map((name) => [name, true] as const);
}

function entriesOfService(mesh: Mesh, read: Read, scope: OutboundScope, service: Service): readonly OwnedEntry[] {
  const world = namespaceWorld(mesh, read, scope);
  return ownedByService(world, service, serviceEntries(world, service));
}

/** The scope of clients in no namespace of the same cluster: short names without a namespace belong to nobody then. */
function anyClient(scope: OutboundScope): OutboundScope {
  const { sidecar: _, ...rest } = scope;
  const dot = scope.dnsDomain.indexOf('.');
  const inKubernetes = scope.dnsDomain.includes('.svc.');
  return { ...rest, namespace: '', labels: {}, dnsDomain: inKubernetes ? `~${scope.dnsDomain.slice(dot)}` : scope.dnsDomain };
}
