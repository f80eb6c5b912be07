import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { scopeKey } from '../../mesh/scope.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { PatchedLayers } from './patched-layers.ts';

/** What listeners ask for by name, and over it what EnvoyFilters add of that kind (EXTENSION_CONFIG). */
export function withAddedExtensions(
  mesh: Mesh,
  base: (scopes: ProxyScopes) => MapCell<EncodedResource>,
  patched: PatchedLayers,
): (scopes: ProxyScopes) => MapCell<EncodedResource> {
  const views = mesh.engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as ProxyScopes;
    return mesh.engine.overlay<EncodedResource>([patched.extensions(scopes.patches?.extensions ?? ''), base(scopes)]);
  });
  return (scopes) => (scopes.patches?.extensions === undefined ? base(scopes) : views(scopeKey(scopes)));
}
