import { compareText, objectKey } from '../../model/config-object.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import { leavesHostsAlone } from './leaves-hosts-alone.ts';
import { areasOf, type PatchArea, type ProxyPatches, patchAreas } from './patch-areas.ts';
import type { PreparedFilter } from './prepared-filter.ts';

/** What of these EnvoyFilters, which select the workload, applies to the proxy; undefined: nothing. */
export function choosePatches(filters: readonly PreparedFilter[], proxy: ProxyNode, rootNamespace: string): ProxyPatches | undefined {
  const parts = new Map<PatchArea, string[]>(patchAreas.map((area) => [area, []]));
  let areHostsAlone = true;
  for (const { object, patches } of [...filters].sort(inOrder(rootNamespace))) {
    const indices = new Map<PatchArea, number[]>(patchAreas.map((area) => [area, []]));
    for (const { index, patch, matchesProxy } of patches) {
      const areas = areasOf(patch, proxy.role);
      if (areas.length === 0 || !matchesProxy(proxy)) continue;
      for (const area of areas) indices.get(area)?.push(index);
      if (areas.includes('routes') && !leavesHostsAlone(patch)) areHostsAlone = false;
    }
    for (const [area, chosen] of indices) if (chosen.length > 0) parts.get(area)?.push(`${objectKey(object)}:${chosen.join('.')}`);
  }
  const chosen = [...parts].filter(([, keys]) => keys.length > 0).map(([area, keys]) => [area, keys.join(';')] as const);
  if (chosen.length === 0) return undefined;
  const hasRoutes = parts.get('routes')?.length !== 0;
  return { ...Object.fromEntries(chosen), ...(hasRoutes && areHostsAlone && { areHostsAlone: true as const }) };
}

/** Lowest priority first, then those of the root namespace, then the oldest, then by `name.namespace` (Istio `EnvoyFilters`). */
function inOrder(rootNamespace: string): (a: PreparedFilter, b: PreparedFilter) => number {
  const isLocal = ({ object }: PreparedFilter) => Number(object.namespace !== rootNamespace);
  const nameOf = ({ object }: PreparedFilter) => `${object.name}.${object.namespace}`;
  return (a, b) =>
    (a.object.spec.priority ?? 0) - (b.object.spec.priority ?? 0) ||
    isLocal(a) - isLocal(b) ||
    a.object.createdAt - b.object.createdAt ||
    compareText(nameOf(a), nameOf(b));
}

/** The patches behind one area's text: objects by `namespace/name` and places in `configPatches`. */
export function parsePatchKey(key: string): readonly { readonly object: string; readonly indices: readonly number[] }[] {
  return key.split(';').map((part) => {
    const [object = '', indices = ''] = part.split(':');
    return { object, indices: indices.split('.').map(Number) };
  });
}
