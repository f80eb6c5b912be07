import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { ListenerFilter } from '../../envoy/generated/envoy/config/listener/v3/ListenerFilter.ts';
import { patchedTypes } from './compile-filter.ts';
import { type CompiledPatch, isMerge } from './compiled-patch.ts';
import { mergeFilter, type NamedFilter, patchFilterList } from './filter-list.ts';
import { matchesListener } from './listener-match.ts';
import { patchFilterChains } from './patch-filter-chains.ts';
import { mergeValue, type PatchRun, patchesFor } from './patch-run.ts';

/** A listener after all patches that are about it and what is in it (Istio `patchListener`); undefined: it is removed. */
export function patchListener(listener: Listener, run: PatchRun): Listener | undefined {
  let patched = listener;
  for (const patch of patchesFor(run, 'LISTENER')) {
    if (!matchesListener(patched, patch)) continue;
    if (patch.operation === 'REMOVE') {
      run.applied.add(patch);
      return undefined;
    }
    if (isMerge(patch)) patched = mergeValue(run, patch, patchedTypes.LISTENER ?? '', patched);
  }
  return patchFilterChains(patchListenerFilters(patched, run), run);
}

/** What patches add that stands by itself. That for any context is added outbound and to gateways alone. */
export function addedValues(run: PatchRun, applyTo: 'LISTENER' | 'CLUSTER'): readonly object[] {
  return patchesFor(run, applyTo)
    .filter(({ operation, match: { context = 'ANY' } }) => operation === 'ADD' && (context !== 'ANY' || run.context !== 'SIDECAR_INBOUND'))
    .map((patch) => {
      run.applied.add(patch);
      return patch.value ?? {};
    });
}

function patchListenerFilters(listener: Listener, run: PatchRun): Listener {
  const patches = patchesFor(run, 'LISTENER_FILTER').filter((patch) => matchesListener(listener, patch));
  if (patches.length === 0) return listener;
  let filters = (listener.listener_filters ?? []) as readonly NamedFilter[];
  for (const patch of patches) {
    if (patch.operation !== 'MERGE') filters = patchFilterList(filters, [patch], anchor, run);
    else if (anchor.isNamed(patch)) {
      // Other than with other filters the name stays (Istio `mergeListenerFilter`).
      filters = filters.map((filter) =>
        anchor.isAt(filter, patch) ? { ...mergeFilter(filter, patch, run), ...(filter.name && { name: filter.name }) } : filter,
      );
    }
  }
  return { ...listener, listener_filters: filters as ListenerFilter[] };
}

const anchor = {
  isNamed: ({ match }: CompiledPatch) => Boolean(match.listener?.listenerFilter),
  isAt: ({ name }: NamedFilter, { match }: CompiledPatch) => name === match.listener?.listenerFilter,
};
