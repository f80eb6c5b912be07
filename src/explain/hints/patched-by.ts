import { locateOrigin } from '../locate-origin.ts';
import { patchesFor } from '../origins/patch-origin.ts';
import type { FindHints } from './hint-context.ts';

/** EnvoyFilters that change what the proxy is served: the way that is told is the one with their patches. */
export const patchedBy: FindHints = ({ proxy }) =>
  [...patchesFor(proxy)].map(([key, indices]) => {
    const [namespace = '', name = ''] = key.split('/');
    const list = indices.map((index) => `configPatches[${index}]`).join(', ');
    return {
      message: `EnvoyFilter ${key} patches this proxy (${list}): what is told above is with its changes`,
      origin: locateOrigin(proxy.world, { kind: 'EnvoyFilter', namespace, name }, ['spec', 'configPatches', indices[0] ?? 0]),
    };
  });
