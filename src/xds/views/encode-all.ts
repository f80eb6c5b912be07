import type { MapCell, Read } from '../../incremental/cell.ts';
import { mapFrom } from '../../mesh/cells/map-from.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { EncodedResource } from './encoded-resource.ts';

/** A small layer that is made in one go; the first resource of a name wins. */
export function encodeAll(mesh: Mesh, make: (read: Read) => readonly EncodedResource[]): MapCell<EncodedResource> {
  return mapFrom(mesh.engine, (read) => make(read).map((resource) => [resource.name, resource] as const));
}
