import { parsePatchKey } from '../../mesh/patches/choose-patches.ts';
import { patchAreas } from '../../mesh/patches/patch-areas.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** The places of all patches of EnvoyFilters for a proxy, each object's in their order. */
export function patchesFor({ scopes }: Pick<ServedProxy, 'scopes'>): ReadonlyMap<string, readonly number[]> {
  const patches = new Map<string, Set<number>>();
  for (const area of patchAreas) {
    const key = scopes.patches?.[area];
    if (key === undefined) continue;
    for (const { object, indices } of parsePatchKey(key)) {
      const known = patches.get(object) ?? new Set<number>();
      for (const index of indices) known.add(index);
      patches.set(object, known);
    }
  }
  return new Map([...patches].map(([object, indices]) => [object, [...indices].sort((a, b) => a - b)]));
}

/** The patch that put in something of this name; undefined where none did. */
export function patchOrigin(proxy: ServedProxy, name: string): Origin | undefined {
  for (const [key, indices] of patchesFor(proxy)) {
    const patches = proxy.world.table('EnvoyFilter').lookup(key)?.spec.configPatches ?? [];
    const index = indices.find((each) => nameOf(patches[each]?.patch?.value) === name);
    const [namespace = '', object = ''] = key.split('/');
    if (index !== undefined)
      return locateOrigin(proxy.world, { kind: 'EnvoyFilter', namespace, name: object }, [
        'spec',
        'configPatches',
        index,
        'patch',
        'value',
      ]);
  }
  return undefined;
}

function nameOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
}
