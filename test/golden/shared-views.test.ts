import { describe, expect, test } from 'vitest';
import { goldenCases } from '../harness/golden-case.ts';
import { TextMesh } from '../harness/text-mesh.ts';

/** What namespaces share is what each of them would get if it were made for it alone, field by field of every case. */
describe('views that are shared', () => {
  test.each(goldenCases().map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const [shared, alone] = await Promise.all(
      ['true', 'false'].map(async (shares) => {
        const mesh = await TextMesh.create({ ...one, env: { ...one.env, COXSWAIN_SHARE_VIEWS: shares } });
        await mesh.becomeClusters(one.clusters);
        return mesh.allResources(mesh.connect(one.proxy));
      }),
    );
    expect(shared).toEqual(alone);
  });
});
