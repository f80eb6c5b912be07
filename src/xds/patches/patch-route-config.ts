import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import { patchedTypes } from './compile-filter.ts';
import { type CompiledPatch, isMerge } from './compiled-patch.ts';
import { mergeValue, type PatchRun, patchesFor } from './patch-run.ts';
import { matchesRoute, matchesTable, matchesVirtualHost, namesRoute } from './route-match.ts';

export interface RouteRun extends PatchRun {
  /** Of gateways: the ports of their Services that lead to a port which they open. */
  readonly servicePorts?: ReadonlyMap<number, ReadonlySet<number>>;
  /** What was made of a virtual host by the same patches before. */
  readonly remember?: (host: VirtualHost, table: string, make: () => PatchedHost) => PatchedHost;
}

export interface PatchedHost {
  /** Undefined: it is removed. */
  readonly host: VirtualHost | undefined;
  readonly applied: readonly CompiledPatch[];
}

/**
 * A route table after all patches (Istio `ApplyRouteConfigurationPatches`). Virtual hosts that no patch touches stay the same
 * objects, so that what was made of them holds.
 */
export function patchRouteConfig(table: RouteConfiguration, run: RouteRun): RouteConfiguration {
  let patched = table;
  for (const patch of patchesFor(run, 'ROUTE_CONFIGURATION')) {
    if (isMerge(patch) && matchesTable(patched.name ?? '', patch, run))
      patched = mergeValue(run, patch, patchedTypes.ROUTE_CONFIGURATION ?? '', patched);
  }
  const name = patched.name ?? '';
  const ofHosts = patchesFor(run, 'VIRTUAL_HOST').filter((patch) => matchesTable(name, patch, run));
  const ofRoutes = patchesFor(run, 'HTTP_ROUTE').filter((patch) => matchesTable(name, patch, run));
  if (ofHosts.length === 0 && ofRoutes.length === 0) return patched;
  const hosts = patched.virtual_hosts ?? [];
  const { remember = (_host, _table, make) => make() } = run;
  const kept = hosts.map((host) => {
    const { host: made, applied } = remember(host, name, () => patchVirtualHost(host, ofHosts, ofRoutes, run));
    for (const patch of applied) run.applied.add(patch);
    return made;
  });
  const added = ofHosts.filter(({ operation }) => operation === 'ADD');
  for (const patch of added) run.applied.add(patch);
  // As in Istio a removal takes everything of that name away, also what is added.
  const removed = new Set(hosts.filter((_, index) => kept[index] === undefined).map((host) => host.name));
  const all = [...kept.filter((host) => host !== undefined), ...added.map(({ value }) => value as VirtualHost)];
  return { ...patched, virtual_hosts: removed.size === 0 ? all : all.filter((host) => !removed.has(host.name)) };
}

function patchVirtualHost(
  host: VirtualHost,
  ofHosts: readonly CompiledPatch[],
  ofRoutes: readonly CompiledPatch[],
  ofTable: RouteRun,
): PatchedHost {
  const run = { ...ofTable, applied: new Set<CompiledPatch>() };
  let patched = host;
  for (const patch of ofHosts) {
    if (!matchesVirtualHost(patched, patch)) continue;
    if (patch.operation === 'REMOVE') {
      return { host: undefined, applied: [...run.applied, patch] };
    }
    if (isMerge(patch)) patched = mergeValue(run, patch, patchedTypes.VIRTUAL_HOST ?? '', patched);
    else if (patch.operation === 'REPLACE') {
      run.applied.add(patch);
      patched = patch.value as VirtualHost;
    }
  }
  const routePatches = ofRoutes.filter((patch) => matchesVirtualHost(patched, patch));
  const made = routePatches.length === 0 ? patched : patchRoutes(patched, routePatches, run);
  return { host: made, applied: [...run.applied] };
}

/** Merges and removals of each route, then what is put in (Istio `patchHTTPRoutes`): what was removed is still an anchor for nobody. */
function patchRoutes(host: VirtualHost, patches: readonly CompiledPatch[], run: RouteRun): VirtualHost {
  const routes = host.routes ?? [];
  let list: readonly Route[] = routes.flatMap((route) => patchRoute(route, patches, run) ?? []);
  for (const patch of patches) {
    const placed = placeRoute(list, patch);
    if (placed !== list) run.applied.add(patch);
    list = placed;
  }
  const isSame = list.length === routes.length && list.every((route, index) => route === routes[index]);
  return isSame ? host : { ...host, routes: [...list] };
}

function patchRoute(route: Route, patches: readonly CompiledPatch[], run: RouteRun): Route | undefined {
  let patched = route;
  for (const patch of patches) {
    if (!matchesRoute(patched, patch)) continue;
    if (patch.operation === 'REMOVE') {
      run.applied.add(patch);
      return undefined;
    }
    if (isMerge(patch)) patched = mergeValue(run, patch, patchedTypes.HTTP_ROUTE ?? '', patched);
  }
  return patched;
}

function placeRoute(list: readonly Route[], patch: CompiledPatch): readonly Route[] {
  const value = patch.value as Route;
  const { operation } = patch;
  if (operation === 'ADD') return [...list, value];
  if (!operation.startsWith('INSERT_')) return list;
  const isNamed = namesRoute(patch);
  const at = isNamed ? list.findIndex((route) => matchesRoute(route, patch)) : -1;
  if (isNamed && at === -1) return list;
  if (operation === 'INSERT_AFTER') return isNamed ? list.toSpliced(at + 1, 0, value) : [...list, value];
  // INSERT_FIRST stands in front of all, wherever its anchor is.
  return operation === 'INSERT_BEFORE' && isNamed ? list.toSpliced(at, 0, value) : [value, ...list];
}
