import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { claimsOf } from '../routes/entry-claims.ts';
import { type RouteLayers, tablesTakenApart } from './route-layers.ts';
import type { OwnedEntry } from './settled-entries.ts';

/**
 * The ports whose tables have to be looked at as a whole, by port: two virtual hosts may be at odds about a name, or the
 * namespace has a table there where others have none, or the other way round. Everywhere else a virtual host is what it is
 * whatever else there is, and a change of one costs nothing but that one.
 */
export function contestedPorts(mesh: Mesh, layers: RouteLayers): (scope: OutboundScope) => MapCell<true> {
  const { engine } = mesh;
  const sharedClaims = engine.mapFamily((key) => engine.index(layers.shared(key), claimsAtPort).groups);
  const amongShared = engine.mapFamily((key) => {
    return engine.overlay<true>([
      engine.flatMap(sharedClaims(key), (claimants, claim) => (claimants.size > 1 ? [[portOf(claim), true]] : [])),
      engine.flatMap(layers.shared(key), oddPort),
    ]);
  });
  const ports = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const theirs = sharedClaims(layers.sharedKey(scope));
    const mine = layers.ownEntries(scope);
    const byOwner = layers.own(scope);
    const isShown = (read: Read, { owner }: OwnedEntry) => read(byOwner.at(owner)) === undefined;
    const withOwn = engine.flatMap(
      engine.index(mine, claimsAtPort).groups,
      (claimants, claim, read): readonly (readonly [string, true])[] => {
        if (claimants.size > 1) return [[portOf(claim), true]];
        const others = read(theirs.at(claim));
        if (others === undefined) return [];
        return [...others.values()].some((other) => isShown(read, other)) ? [[portOf(claim), true]] : [];
      },
    );
    const sharedTables = layers.sharedTables(layers.sharedKey(scope));
    const tablesOfItsOwn = engine.flatMap(layers.ownTables(scope), (_true, name, read) =>
      read(sharedTables.at(name)) === undefined ? [[name, true] as const] : [],
    );
    const hiddenTables = engine.flatMap(byOwner, ({ hidden }) => hidden.flatMap(tablesTakenApart));
    const missingTables = engine.flatMap(hiddenTables, (_true, name, read) => {
      if (read(layers.ownTables(scope).at(name))) return [];
      const others = read(layers.sharedByPort(layers.sharedKey(scope)).at(name))?.values() ?? [];
      return [...others].some((other) => other.tables.includes(name) && isShown(read, other)) ? [] : [[name, true] as const];
    });
    const lonely = engine.flatMap(mine, oddPort);
    return engine.overlay<true>([withOwn, lonely, tablesOfItsOwn, missingTables, amongShared(layers.sharedKey(scope))]);
  });
  return (scope) => ports(scopeKey(scope));
}

function claimsAtPort({ entry }: OwnedEntry): readonly string[] {
  return [...(claimsOf(entry) ?? [])].map((claim) => `${entry.port}|${claim}`);
}

function portOf(claim: string): string {
  return claim.slice(0, claim.indexOf('|'));
}

/** The port of an entry that would be changed even if it stood alone. */
function oddPort({ entry }: OwnedEntry): readonly (readonly [string, true])[] {
  return claimsOf(entry) === undefined ? [[String(entry.port), true]] : [];
}
