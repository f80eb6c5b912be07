// Properties of what real generated configuration looks like on the wire: P4, P6, P10.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MeshHistory, step } from './mesh-history.ts';
import { apply, edit, type World } from './world.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 30);
const seed = process.env['COXSWAIN_SEED'] === undefined ? {} : { seed: Number(process.env['COXSWAIN_SEED']) };
const start = fc.array(edit, { maxLength: 25 }).map((edits) => edits.reduce(apply, new Map() as World));

test(`P4 P6 whatever happens, clients of both variants end up with the truth, and never point at what they lack (${runs} histories)`, async () => {
  await fc.assert(
    fc.asyncProperty(start, fc.array(step, { minLength: 1, maxLength: 20 }), async (world, steps) => {
      const history = await MeshHistory.begin(world);
      try {
        for (const each of steps) await history.take(each);
        await history.settle();
        expect(history.problems).toEqual([]);
      } finally {
        await history.close();
      }
    }),
    { numRuns: runs, ...seed },
  );
}, 7_200_000);

test(`P10 one edit costs few responses, and the same objects once more cost none (${runs} worlds)`, async () => {
  await fc.assert(
    fc.asyncProperty(start, fc.array(edit, { minLength: 1, maxLength: 5 }), async (world, edits) => {
      const history = await MeshHistory.begin(world);
      try {
        expect((await history.responsesOf(() => history.repeat())).flatMap((counts) => [...counts])).toEqual([]);
        for (const one of edits) {
          const responses = await history.responsesOf(() => history.edit([one], false));
          const most = Math.max(0, ...responses.flatMap((counts) => [...counts.values()]));
          expect(most, JSON.stringify(responses.map((counts) => [...counts]))).toBeLessThanOrEqual(3);
        }
        expect(history.problems).toEqual([]);
      } finally {
        await history.close();
      }
    }),
    { numRuns: runs, ...seed },
  );
}, 7_200_000);
