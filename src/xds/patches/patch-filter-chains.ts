import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { patchedTypes } from './compile-filter.ts';
import { type CompiledPatch, isMerge } from './compiled-patch.ts';
import { mergeFilter, type NamedFilter, patchFilterList } from './filter-list.ts';
import { matchesChain, matchesListener } from './listener-match.ts';
import type { Plain } from './patch-codec.ts';
import { httpConnectionManager, isNetworkFilterNamed, patchHttpFilters } from './patch-http-filters.ts';
import { mergeValue, type PatchRun, patchesFor } from './patch-run.ts';

/** All chains of a listener, then those that are added (Istio `patchFilterChains`): chains without filters are left out. */
export function patchFilterChains(listener: Listener, run: PatchRun): Listener {
  const { filter_chains: chains = [], default_filter_chain: last, ...fields } = listener;
  const patched = chains.filter(hasFilters).flatMap((chain) => patchChain(listener, chain, run) ?? []);
  const patchedLast = last && hasFilters(last) ? patchChain(listener, last, run) : last;
  const added = patchesFor(run, 'FILTER_CHAIN').filter((patch) => patch.operation === 'ADD' && matchesListener(listener, patch));
  for (const patch of added) run.applied.add(patch);
  return {
    ...fields,
    filter_chains: [...patched, ...added.map(({ value }) => value as FilterChain).filter(hasFilters)],
    ...(patchedLast && { default_filter_chain: patchedLast }),
  };
}

function hasFilters({ filters = [] }: FilterChain): boolean {
  return filters.length > 0;
}

function patchChain(listener: Listener, chain: FilterChain, run: PatchRun): FilterChain | undefined {
  let patched = chain;
  for (const patch of patchesFor(run, 'FILTER_CHAIN')) {
    if (!matchesListener(listener, patch) || !matchesChain(listener, patched, patch)) continue;
    if (patch.operation === 'REMOVE') {
      run.applied.add(patch);
      return undefined;
    }
    if (isMerge(patch)) patched = mergeChain(patched, patch, run);
  }
  return patchNetworkFilters(listener, patched, run);
}

/**
 * A transport socket of the same name is merged inside, and then nothing else of the patch is; any other patch is merged as a
 * message (Istio `mergeTransportSocketListener`).
 */
function mergeChain(chain: FilterChain, patch: CompiledPatch, run: PatchRun): FilterChain {
  const wanted = (patch.value as FilterChain).transport_socket;
  const socket = chain.transport_socket;
  if (!wanted || !socket || wanted.name !== socket.name) return mergeValue(run, patch, patchedTypes.FILTER_CHAIN ?? '', chain);
  if (!socket.typed_config || !wanted.typed_config) return chain;
  const merged = run.codec.mergeInside(socket.typed_config as Plain, wanted.typed_config as Plain);
  if (merged === undefined) {
    run.failures.set(patch, `cannot be merged into the transport socket ${socket.name}: it has another type`);
    return chain;
  }
  run.applied.add(patch);
  return { ...chain, transport_socket: { ...socket, typed_config: merged } as NonNullable<FilterChain['transport_socket']> };
}

/** Places first, then merges, then what is inside of HTTP connection managers. */
function patchNetworkFilters(listener: Listener, chain: FilterChain, run: PatchRun): FilterChain {
  const patches = patchesFor(run, 'NETWORK_FILTER').filter(
    (patch) => matchesListener(listener, patch) && matchesChain(listener, chain, patch),
  );
  const placed = patchFilterList((chain.filters ?? []) as readonly NamedFilter[], patches, anchor, run);
  const merged = placed.map((filter) => {
    let patched = filter;
    for (const patch of patches) {
      if (patch.operation === 'MERGE' && (!anchor.isNamed(patch) || anchor.isAt(patched, patch)))
        patched = mergeFilter(patched, patch, run);
    }
    return patched.name === httpConnectionManager ? patchHttpFilters({ listener, chain, filter: patched }, run) : patched;
  });
  return { ...chain, filters: merged as Filter[] };
}

const anchor = {
  isNamed: isNetworkFilterNamed,
  isAt: ({ name }: NamedFilter, { match }: CompiledPatch) => name === match.listener?.filterChain?.filter?.name,
};
