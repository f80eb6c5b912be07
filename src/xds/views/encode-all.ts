import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { EncodedResource } from './encoded-resource.ts';

/** A small layer that is made in one go; the first resource of a name wins. */
export function encodeAll(mesh: Mesh, make: (read: Read) => readonly EncodedResource[]): MapCell<EncodedResource> {
  return mesh.engine.mapFrom((read) => make(read).map((resource) => [resource.name, resource] as const));
}
