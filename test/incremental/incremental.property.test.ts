import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestProxy } from '../harness/text-mesh.ts';
import { proxies } from './proxies.ts';
import { differences, fromScratch, snapshot } from './snapshot.ts';
import { meshOf, tell } from './tell-world.ts';
import { apply, edit, edits, type World } from './world.ts';
import { deliver, delivery } from './world-events.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 60);

test(`P2 what is kept up to date equals what is built from scratch (${runs} histories)`, async () => {
  await fc.assert(
    fc.asyncProperty(edits, fc.array(edit, { minLength: 1, maxLength: 12 }), async (start, then) => {
      let world: World = start.reduce(apply, new Map());
      const live = await meshOf(world);
      const views = proxies.map((proxy) => live.connect(proxy));
      snapshot(views);
      for (const [index, one] of then.entries()) {
        tell(live, [one]);
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
    fc.asyncProperty(edits, fc.array(edit, { minLength: 2, maxLength: 20 }), delivery, async (start, then, how) => {
      const all = [...start, ...then];
      const expected = await fromScratch(all.reduce(apply, new Map() as World));
      const mesh = await deliver(all, how, (live) => snapshot([live.connect(proxies[0] as TestProxy)]));
      expect(differences(snapshot(proxies.map((proxy) => mesh.connect(proxy))), expected)).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 14_400_000);
