import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import { contestedPorts } from './contested-ports.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import type { RouteLayers } from './route-layers.ts';
import { type RouteEncoders, type RouteProducts, routeProducts } from './route-products.ts';
import { routeViews } from './route-views.ts';
import type { OwnedEntry } from './settled-entries.ts';
import { isTakenApart, virtualHostResourceName } from './virtual-host-encoder.ts';

type Resources = readonly (readonly [string, EncodedResource])[];

/**
 * The tables of clients whose virtual hosts are layers. Taken apart they are layers too: virtual hosts, sniffed tables and the
 * frames of all others as many clients share them; over these what some have otherwise; over both the ports at which names are
 * contested, listed as a whole.
 */
export function layeredRouteProducts(
  mesh: Mesh,
  encoders: RouteEncoders,
  layers: RouteLayers,
): RouteProducts<OutboundScope> & { readonly tables: (scope: OutboundScope) => MapCell<RouteConfiguration> } {
  const { engine } = mesh;
  const { hosts, tables } = encoders;
  const allTables = routeViews(mesh, layers);
  const whole = routeProducts(engine, encoders, allTables);

  const { sharedTables } = layers;
  const contested = contestedPorts(mesh, layers);
  const contestedTables = routeViews(mesh, layers, contested);
  const ofContested = routeProducts(engine, encoders, contestedTables);

  const hostOf = ({ entry }: OwnedEntry) => hosts.host(String(entry.port), entry.virtualHost);
  const hostName = ({ entry }: OwnedEntry) => virtualHostResourceName(String(entry.port), entry.virtualHost);
  const sniffedOf = ({ entry, tables: names }: OwnedEntry, settings: MeshSettings): Resources =>
    names.flatMap((routeName) => {
      if (isTakenApart(routeName)) return [];
      const table = buildSidecarRouteConfig({ routeName, entries: [entry], clientNamespace: '', settings, isSettled: true });
      return [[routeName, tables.encode(table)] as const];
    });

  /** What a table is without the virtual hosts of any entry. */
  const bareTable = (read: Read, routeName: string, scope: OutboundScope): RouteConfiguration => {
    const unknownHosts = layers.unknownHosts(read, scope);
    const settings = read(mesh.settingsFor(scope.ownHeaders));
    return buildSidecarRouteConfig({ routeName, entries: [], clientNamespace: '', settings, ...(unknownHosts && { unknownHosts }) });
  };
  const sharedHosts = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const ofEntries = engine.flatMap(
      layers.shared(key),
      (owned, _key, read): Resources => (read(sharedTables(key).at(String(owned.entry.port))) ? [[hostName(owned), hostOf(owned)]] : []),
      sameResource,
    );
    const catchAlls = engine.flatMap(
      sharedTables(key),
      (_true, name, read): Resources =>
        (bareTable(read, name, scope).virtual_hosts ?? []).map((host) => [virtualHostResourceName(name, host), hosts.host(name, host)]),
      sameResource,
    );
    return engine.overlay<EncodedResource>([ofEntries, catchAlls]);
  });
  const sharedFrames = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const settings = mesh.settingsFor(scope.ownHeaders);
    const frames = engine.mapValues(sharedTables(key), (_true, name, read) => hosts.frame(bareTable(read, name, scope)), sameResource);
    const sniffed = engine.flatMap(layers.shared(key), (owned, _key, read) => sniffedOf(owned, read(settings)), sameResource);
    return engine.overlay<EncodedResource>([frames, sniffed]);
  });

  const frames = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const own = layers.own(scope);
    const mine = engine.flatMap(
      own,
      ({ entries }, _owner, read) => {
        const settings = read(mesh.settingsFor(scope.ownHeaders));
        return entries.flatMap((owned) => sniffedOf(owned, settings));
      },
      sameResource,
    );
    const hidden = engine.flatMap(own, (ofOwner) =>
      gone(ofOwner.hidden.flatMap((owned) => owned.tables.filter((name) => !isTakenApart(name)))),
    );
    const ofPorts = engine.flatMap(contested(scope), (_true, port) => gone([port]));
    return engine.overlay<EncodedResource>([ofContested.frames(scope), ofPorts, mine, hidden, sharedFrames(layers.sharedKey(scope))]);
  });
  const virtualHosts = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const sharedKey = layers.sharedKey(scope);
    const own = layers.own(scope);
    const mine = engine.flatMap(
      own,
      ({ entries }, _owner, read) =>
        entries
          .filter(({ entry }) => read(sharedTables(sharedKey).at(String(entry.port))))
          .map((owned) => [hostName(owned), hostOf(owned)] as const),
      sameResource,
    );
    const hidden = engine.flatMap(own, (ofOwner) => gone(ofOwner.hidden.map(hostName)));
    const ofPorts = engine.flatMap(contested(scope), (_true, port, read) => {
      const theirs = read(layers.sharedByPort(sharedKey).at(port))?.values() ?? [];
      const ours = read(layers.ownByPort(scope).at(port))?.values() ?? [];
      const catchAlls = bareTable(read, port, scope).virtual_hosts ?? [];
      return gone([...[...theirs, ...ours].map(hostName), ...catchAlls.map((host) => virtualHostResourceName(port, host))]);
    });
    return engine.overlay<EncodedResource>([ofContested.virtualHosts(scope), ofPorts, mine, hidden, sharedHosts(sharedKey)]);
  });
  return {
    tables: allTables,
    whole: whole.whole,
    frames: (scope) => frames(scopeKey(scope)),
    virtualHosts: (scope) => virtualHosts(scopeKey(scope)),
  };
}

/** Entries of a layer that take away what the layers below have under these names. */
function gone(names: readonly string[]): readonly (readonly [string, null])[] {
  return names.map((name) => [name, null] as const);
}
