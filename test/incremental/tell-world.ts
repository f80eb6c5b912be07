import { TextMesh } from '../harness/text-mesh.ts';
import { farCluster } from './cluster-slots.ts';
import { clusterOfSlot, type Edit, objectOf, refOfSlot, type World } from './world.ts';

/** A mesh in memory of this world. */
export async function meshOf(world: World, env: Readonly<Record<string, string>> = {}): Promise<TextMesh> {
  const mesh = await TextMesh.create({ config: [], env });
  await mesh.addCluster(farCluster);
  tell(mesh, editsOf(world));
  return mesh;
}

/** What would make this world out of an empty one. */
export function editsOf(world: World): readonly Edit[] {
  return [...world].map(([slot, variant]) => ({ slot, variant }));
}

/**
 * Brings edits to a mesh as one revision; of several edits of an object the last one counts. A further cluster is part of the mesh as
 * long as it has objects.
 */
export function tell(mesh: TextMesh, edits: readonly Edit[]): void {
  const last = [...new Map(edits.map((one) => [one.slot, one])).values()];
  const of = (cluster: string | undefined) =>
    last
      .filter(({ slot }) => clusterOfSlot(slot) === cluster)
      .map(({ slot, variant }) => ({ ref: refOfSlot(slot), object: variant && objectOf({ slot, variant }) }));
  const far = mesh.cluster(farCluster);
  mesh.plane.engine.batch(() => {
    mesh.texts.applyAll(of(undefined));
    far.texts.applyAll(of(farCluster));
    far.setPart(far.texts.size > 0);
  });
}
