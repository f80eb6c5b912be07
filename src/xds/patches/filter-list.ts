import type { CompiledPatch } from './compiled-patch.ts';
import type { Plain } from './patch-codec.ts';
import type { PatchRun } from './patch-run.ts';

/** An HTTP, network or listener filter. */
export interface NamedFilter {
  readonly name?: string;
  readonly typed_config?: object | null;
}

/** Where in a list a patch belongs. */
export interface Anchor<T> {
  /** Whether the patch names an element at all. */
  readonly isNamed: (patch: CompiledPatch) => boolean;
  readonly isAt: (element: T, patch: CompiledPatch) => boolean;
}

/**
 * Puts in, replaces and takes out, in the order of the patches. Without a named element INSERT_AFTER means the end and
 * INSERT_BEFORE the beginning, REPLACE and REMOVE nothing; where the named one is missing, nothing happens.
 */
export function patchFilterList<T extends NamedFilter>(
  filters: readonly T[],
  patches: readonly CompiledPatch[],
  anchor: Anchor<T>,
  run: PatchRun,
): readonly T[] {
  let list = filters;
  for (const patch of patches) {
    const patched = placeFilter(list, patch, anchor);
    if (patched !== list) run.applied.add(patch);
    list = patched;
  }
  return list;
}

function placeFilter<T extends NamedFilter>(list: readonly T[], patch: CompiledPatch, anchor: Anchor<T>): readonly T[] {
  const { operation } = patch;
  const value = patch.value as T;
  if (operation === 'ADD') return [...list, value];
  if (operation === 'INSERT_FIRST') return [value, ...list];
  if (!anchor.isNamed(patch))
    return operation === 'INSERT_AFTER' ? [...list, value] : operation === 'INSERT_BEFORE' ? [value, ...list] : list;
  const at = list.findIndex((element) => anchor.isAt(element, patch));
  if (at === -1) return list;
  if (operation === 'INSERT_AFTER') return list.toSpliced(at + 1, 0, value);
  if (operation === 'INSERT_BEFORE') return list.toSpliced(at, 0, value);
  if (operation === 'REPLACE') return list.with(at, value);
  return operation === 'REMOVE' ? list.filter((element) => !anchor.isAt(element, patch)) : list;
}

/**
 * Merges configuration and name of a filter (Istio `patchNetworkFilter`): one that has no configuration stays as it is, and
 * only configurations of one type can be merged.
 */
export function mergeFilter<T extends NamedFilter>(filter: T, patch: CompiledPatch, run: PatchRun): T {
  if (!filter.typed_config) return filter;
  const { name, typed_config: config } = patch.value as NamedFilter;
  const merged = config ? run.codec.mergeInside(filter.typed_config as Plain, config as Plain) : filter.typed_config;
  if (merged === undefined) {
    run.failures.set(patch, `cannot merge ${typeOf(config)} into ${typeOf(filter.typed_config)} of ${filter.name ?? ''}`);
    return filter;
  }
  run.applied.add(patch);
  return { ...filter, ...(name && { name }), typed_config: merged };
}

/** Name of the message in an Any; that inside of a TypedStruct. */
export function typeOf(any: object | null | undefined): string {
  const { '@type': url = '', type_url: inside = url } = (any ?? {}) as { readonly '@type'?: string; readonly type_url?: string };
  return inside.slice(inside.lastIndexOf('/') + 1);
}
