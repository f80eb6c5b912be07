import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextMesh } from '../harness/text-mesh.ts';
import { proxies } from './proxies.ts';
import { differences, fromScratch, make, meshOf, snapshot } from './snapshot.ts';
import { apply, edit, type World } from './world.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 60);

test(`what is kept up to date equals what is built from scratch (${runs} histories)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 25 }), fc.array(edit, { minLength: 1, maxLength: 12 }), async (start, edits) => {
      let world: World = start.reduce(apply, new Map());
      const live = await meshOf(world);
      const views = proxies.map((proxy) => live.connect(proxy));
      snapshot(views);
      for (const [index, one] of edits.entries()) {
        make(live, one);
        world = apply(world, one);
        if (index % 4 === 3) expect(differences(snapshot(views), await fromScratch(world))).toEqual([]);
      }
      expect(differences(snapshot(views), await fromScratch(world))).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 3_600_000);

test(`the order of events does not matter (${runs} worlds)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 30 }), fc.integer(), async (edits, seed) => {
      const world: World = edits.reduce(apply, new Map());
      const expected = await fromScratch(world);
      const shuffled = [...world].sort(([a], [b]) => scramble(a, seed) - scramble(b, seed));
      const live = await TextMesh.create({ config: [] });
      const views = proxies.map((proxy) => live.connect(proxy));
      for (const [slot, variant] of shuffled) {
        make(live, { slot, variant });
        snapshot(views.slice(0, 1));
      }
      expect(differences(snapshot(views), expected)).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 3_600_000);

function scramble(value: number, seed: number): number {
  return Math.imul(value + 1, 2654435761 ^ seed) >>> 0;
}
