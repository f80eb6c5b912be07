import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { portOfEntry } from './owned-entries.ts';
import { type OwnEntries, type RouteLayers, tablesTakenApart } from './route-layers.ts';
import type { EntryGroup, OwnedEntry } from './settled-entries.ts';
import type { SidecarRouteEntries } from './sidecar-route-entries.ts';

/**
 * The virtual hosts of clients whose Sidecar has one egress listener, for every port: a layer that is shared with nobody and that
 * nothing stands over. Of other Sidecars there is nothing in it.
 */
export function sidecarRouteLayers(mesh: Mesh, entries: SidecarRouteEntries): RouteLayers {
  const { engine } = mesh;
  const shared = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const isLaidOutAsNamespace = mesh.sidecars.isLaidOutAsNamespace(scope.sidecar ?? '');
    return engine.mapValues(entries(scope, 0), (owned, _key, read) => (read(isLaidOutAsNamespace) ? owned : undefined));
  });
  const nothing = {
    owned: engine.constantMap<OwnEntries>(new Map()),
    entries: engine.constantMap<OwnedEntry>(new Map()),
    byPort: engine.constantMap<EntryGroup>(new Map()),
    tables: engine.constantMap<true>(new Map()),
    overrides: engine.constant({ hosts: new Set<string>(), virtualServices: new Map() }),
  };
  return {
    sharedKey: scopeKey,
    shared,
    own: () => nothing.owned,
    ownEntries: () => nothing.entries,
    sharedByPort: engine.mapFamily((key) => engine.index(shared(key), portOfEntry).groups),
    ownByPort: () => nothing.byPort,
    sharedTables: engine.mapFamily((key) => engine.flatMap(shared(key), tablesTakenApart)),
    ownTables: () => nothing.tables,
    overrides: () => nothing.overrides,
    unknownHosts: (read, { sidecar = '' }) => read(mesh.inputs.config.sidecars.at(sidecar))?.spec.outboundTrafficPolicy,
  };
}
