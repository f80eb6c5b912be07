import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { buildSidecarRouteConfig } from '../routes/sidecar-route-config.ts';
import { isHiddenBy, type RouteLayers } from './route-layers.ts';
import { type EntryGroup, EntrySettler } from './settled-entries.ts';

/** Which ports of a scope's tables are wanted; every port where it is not given. */
export type PortsOf = (scope: OutboundScope) => MapCell<true>;

/** Outbound route tables by name, as a whole: listed and settled anew when an entry of their port changes. */
export function routeViews(mesh: Mesh, layers: RouteLayers, onlyPorts?: PortsOf): (scope: OutboundScope) => MapCell<RouteConfiguration> {
  const { engine } = mesh;
  const settler = new EntrySettler();

  const ofNamespace = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const common = layers.sharedByPort(layers.sharedKey(scope));
    const mine = layers.ownByPort(scope);
    const allPorts = () =>
      engine.union([engine.mapValues(common, () => true as const), engine.mapValues(mine, () => true as const)], () => true as const);
    return engine.flatMap(onlyPorts?.(scope) ?? allPorts(), (_true, port, read) => {
      const isHidden = isHiddenBy(read(layers.overrides(scope)));
      const theirs = read(common.at(port)) ?? noEntries;
      const own = read(mine.at(port)) ?? noEntries;
      const settings = read(mesh.settingsFor(scope.ownHeaders));
      const unknownHosts = layers.unknownHosts(read, scope);
      const entries = [...[...theirs.values()].filter(({ owner }) => !isHidden(owner)), ...own.values()];
      const settled = settler.settle(theirs, isHidden, own);
      return [...new Set(entries.flatMap(({ tables: names }) => names))].map((routeName) => {
        const ofTable = settled?.entriesOf(routeName) ?? entries.map(({ entry }) => entry);
        const input = { routeName, entries: ofTable, clientNamespace: scope.namespace, settings, isSettled: settled !== undefined };
        return [routeName, buildSidecarRouteConfig({ ...input, ...(unknownHosts && { unknownHosts }) })] as const;
      });
    });
  });
  return (scope) => ofNamespace(scopeKey(scope));
}

const noEntries: EntryGroup = new Map();
