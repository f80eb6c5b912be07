import type { ObjectRef } from '../model/object-ref.ts';
import type { ExplainWorld } from './explain-world.ts';
import type { Origin } from './explanation.ts';

/** A field of an object with the place where it stands, as far as the source of the object knows. */
export function locateOrigin(world: ExplainWorld, object: ObjectRef, path: Origin['path'] = []): Origin {
  const position = world.positionOf(object, path);
  const line = position && world.lineAt(position);
  return { object, path, ...(position && { position }), ...(line !== undefined && { line }) };
}
