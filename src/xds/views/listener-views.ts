import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

export function listenerViews(mesh: Mesh, _encoder: ResourceEncoder): (scopes: ProxyScopes) => MapCell<EncodedResource> {
  const none = mesh.engine.table<EncodedResource>();
  return () => none;
}
