import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestProxy } from '../harness/text-mesh.ts';
import { proxies } from './proxies.ts';
import { differences, fromScratch, make, meshOf, snapshot } from './snapshot.ts';
import { apply, edit, type World } from './world.ts';
import { deliver, delivery } from './world-events.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 60);

test(`P2 what is kept up to date equals what is built from scratch (${runs} histories)`, async () => {
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
}, 14_400_000);

test(`P3 neither order, batches, repetitions nor restarts make a difference (${runs} worlds)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 40 }), delivery, async (edits, how) => {
      const expected = await fromScratch(edits.reduce(apply, new Map() as World));
      const mesh = await deliver(edits, how, (live) => snapshot([live.connect(proxies[0] as TestProxy)]));
      expect(differences(snapshot(proxies.map((proxy) => mesh.connect(proxy))), expected)).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 14_400_000);
