import type { MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import type { Patching } from './patching.ts';
import type { ResourcePatcher } from './resource-patcher.ts';

/** Whose tables, and what they are patched with: a text of `ProxyPatches`. */
export interface PatchedClients {
  readonly outbound: OutboundScope;
  readonly hasHttpProxy: boolean;
  readonly patches: string;
}

export interface ApartProducts {
  readonly frames: (clients: PatchedClients) => MapCell<EncodedResource>;
  readonly virtualHosts: (clients: PatchedClients) => MapCell<EncodedResource>;
}

/**
 * Tables that are taken apart, where patches leave virtual hosts to themselves (`leavesHostsAlone`): every frame and every host is
 * patched alone, so that a changed route costs as little as without patches. What comes of it is what patching whole tables does.
 */
export function patchedApartViews(
  engine: Engine,
  unpatched: (product: keyof ApartProducts, clients: PatchedClients) => MapCell<EncodedResource>,
  { patcher, sets }: { readonly patcher: ResourcePatcher; readonly sets: Patching['sets'] },
): ApartProducts {
  const of = (product: keyof ApartProducts) => {
    const views = engine.mapFamily((key) => {
      const clients = JSON.parse(key) as PatchedClients;
      return engine.mapValues(
        unpatched(product, clients),
        (resource, _name, read) => {
          const inForce = { context: 'SIDECAR_OUTBOUND', patches: read(sets.of(clients.patches)) } as const;
          return product === 'frames' ? patcher.table(resource, inForce) : patcher.virtualHost(resource, inForce);
        },
        sameResource,
      );
    });
    return (clients: PatchedClients) => views(scopeKey(clients));
  };
  return { frames: of('frames'), virtualHosts: of('virtualHosts') };
}
