import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import { serviceEntries, unregisteredEntries } from './route-entries.ts';
import { routeOverrides } from './route-overrides.ts';
import { tableNames } from './route-table-names.ts';
import { namespaceWorld } from './route-worlds.ts';
import { sidecarRouteViews } from './sidecar-route-views.ts';
import type { TableEncoder } from './table-encoder.ts';

/** An entry and what it was made of: a service's host or a VirtualService whose host is no service. */
interface OwnedEntry {
  readonly owner: string;
  readonly entry: VirtualHostEntry;
}

/**
 * Outbound route tables by name. Virtual hosts are made once for all namespaces, and again only for those hosts that a
 * namespace sees differently; a table lists them.
 */
export function routeViews(mesh: Mesh, tables: TableEncoder): (scope: OutboundScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const overridesOf = routeOverrides(mesh, { shortNames: true });

  const shared = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const ofServices = engine.flatMap(mesh.services.everywhere, (service, _host, read) => ownedByService(mesh, read, scope, service));
    const ofOthers = engine.flatMap(mesh.virtualServices.publicRoots, (root, vsKey, read) =>
      owned(`vs:${vsKey}`, unregisteredEntries(namespaceWorld(mesh, read, scope), root)),
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
      owned(`vs:${vsKey}`, unregisteredEntries(namespaceWorld(mesh, read, scope), root)),
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
    return engine.flatMap(
      ports,
      (_true, port, read) => {
        const overrides = read(overridesOf(scope));
        const isHidden = (owner: string) =>
          owner.startsWith('vs:') ? overrides.virtualServices.has(owner.slice(3)) : overrides.hosts.has(owner);
        const theirs = [...(read(common.at(port))?.values() ?? [])].filter(({ owner }) => !isHidden(owner));
        const entries = [...theirs, ...(read(mine.at(port))?.values() ?? [])].map(({ entry }) => entry);
        const settings = read(mesh.settings);
        const findService = (host: string) => read(mesh.services.find(scope.namespace, host));
        return tableNames({ port: Number(port), entries, findService, scope, settings }).map((routeName) => {
          const table = buildSidecarRouteConfig({ routeName, entries, clientNamespace: scope.namespace, settings });
          return [routeName, tables.encode(table)] as const;
        });
      },
      sameResource,
    );
  });
  const ofSidecar = sidecarRouteViews(mesh, tables);
  return (scope) => (scope.sidecar === undefined ? ofNamespace(scopeKey(scope)) : ofSidecar(scope));
}

function ownedByService(mesh: Mesh, read: Read, scope: OutboundScope, service: Service) {
  return owned(service.hostname, serviceEntries(namespaceWorld(mesh, read, scope), service));
}

function owned(owner: string, entries: readonly VirtualHostEntry[]): readonly (readonly [string, OwnedEntry])[] {
  return entries.map((entry) => [`${entry.port}|${entry.host}|${owner}`, { owner, entry }] as const);
}

/** The scope of clients in no namespace of the same cluster: short names without a namespace belong to nobody then. */
function anyClient(scope: OutboundScope): OutboundScope {
  const { sidecar: _, ...rest } = scope;
  const dot = scope.dnsDomain.indexOf('.');
  const inKubernetes = scope.dnsDomain.includes('.svc.');
  return { ...rest, namespace: '', labels: {}, dnsDomain: inKubernetes ? `~${scope.dnsDomain.slice(dot)}` : scope.dnsDomain };
}
