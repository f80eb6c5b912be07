import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import type { EnvoyFilter } from '../../schema/envoy-filter/envoy-filter.ts';
import { choosePatches } from '../patches/choose-patches.ts';
import type { ProxyPatches } from '../patches/patch-areas.ts';
import { prepareFilter, selectsWorkload } from '../patches/prepared-filter.ts';
import type { MeshSettings } from '../settings.ts';

/** Which patches hold for a proxy. */
export interface EnvoyFilters {
  /** Undefined: none. To be read inside a computation. */
  readonly select: (read: Read, proxy: ProxyNode, labels: Labels) => ProxyPatches | undefined;
}

export function envoyFilters(engine: Engine, objects: MapCell<ConfigObject<EnvoyFilter>>, settings: Cell<MeshSettings>): EnvoyFilters {
  const prepared = engine.mapValues(objects, prepareFilter);
  const byNamespace = engine.index(prepared, ({ object }) => [object.namespace]);
  return {
    select: (read, proxy, labels) => {
      const { rootNamespace } = read(settings);
      const namespaces = [...new Set([rootNamespace, proxy.namespace])];
      const candidates = namespaces.flatMap((namespace) => [...read(byNamespace.group(namespace)).values()]);
      const selecting = candidates.filter((filter) => selectsWorkload(filter, proxy.namespace, labels));
      return selecting.length === 0 ? undefined : choosePatches(selecting, proxy, rootNamespace);
    },
  };
}
