import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { CompiledPatch } from './compiled-patch.ts';
import { mergeFilter, type NamedFilter, patchFilterList, typeOf } from './filter-list.ts';
import { matchesChain, matchesListener } from './listener-match.ts';
import type { Plain } from './patch-codec.ts';
import { type PatchRun, patchesFor } from './patch-run.ts';

export const httpConnectionManager = 'envoy.filters.network.http_connection_manager';
export const managerType = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

interface Place {
  readonly listener: Listener;
  readonly chain: FilterChain;
  /** The connection manager. */
  readonly filter: NamedFilter;
}

/** The HTTP filters of a connection manager: places first, then merges (Istio `patchHTTPFilters`). */
export function patchHttpFilters({ listener, chain, filter }: Place, run: PatchRun): NamedFilter {
  const manager = filter.typed_config as Plain | null | undefined;
  if (!manager || typeOf(manager) !== managerType) return filter;
  const patches = patchesFor(run, 'HTTP_FILTER').filter(
    (patch) =>
      matchesListener(listener, patch) &&
      matchesChain(listener, chain, patch) &&
      (!isNetworkFilterNamed(patch) || patch.match.listener?.filterChain?.filter?.name === filter.name),
  );
  if (patches.length === 0) return filter;
  const filters = (manager['http_filters'] as readonly NamedFilter[] | undefined) ?? [];
  const placed = patchFilterList(filters, patches, anchor, run);
  const merged = placed.map((one) => {
    let patched = one;
    for (const patch of patches) {
      if (patch.operation === 'MERGE' && (!anchor.isNamed(patch) || anchor.isAt(patched, patch)))
        patched = mergeFilter(patched, patch, run);
    }
    return patched;
  });
  return { ...filter, typed_config: { ...manager, http_filters: merged } as Plain };
}

export function isNetworkFilterNamed({ match }: CompiledPatch): boolean {
  return match.listener?.filterChain?.filter !== undefined;
}

const anchor = {
  isNamed: ({ match }: CompiledPatch) => match.listener?.filterChain?.filter?.subFilter !== undefined,
  isAt: ({ name }: NamedFilter, { match }: CompiledPatch) => name === match.listener?.filterChain?.filter?.subFilter?.name,
};
