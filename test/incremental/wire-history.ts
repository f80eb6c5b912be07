import fc from 'fast-check';
import { expect } from 'vitest';
import { MeshHistory, step } from './mesh-history.ts';
import { apply, edit, edits, type World } from './world.ts';

const seed = process.env['COXSWAIN_SEED'] === undefined ? {} : { seed: Number(process.env['COXSWAIN_SEED']) };

/** Any small world. */
export const startOfHistory = edits.map((all) => all.reduce(apply, new Map() as World));

/** Histories of a real mesh behind a real server: clients of both variants end up with the truth, and never point at what they lack (P4, P6). */
export async function wireHistories(runs: number, longest: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(startOfHistory, fc.array(step, { minLength: 1, maxLength: longest }), async (world, steps) => {
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
}

/** An edit costs few responses; the same objects once more cost none (P10). */
export async function quietWorlds(runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(startOfHistory, fc.array(edit, { minLength: 1, maxLength: 5 }), async (world, then) => {
      const history = await MeshHistory.begin(world);
      try {
        expect((await history.responsesOf(() => history.repeat())).flatMap((counts) => [...counts])).toEqual([]);
        for (const one of then) {
          const responses = await history.responsesOf(() => history.edit([one], false));
          for (const counts of responses) for (const [type, count] of counts) expect(count, type).toBeLessThanOrEqual(3);
        }
        expect(history.problems).toEqual([]);
      } finally {
        await history.close();
      }
    }),
    { numRuns: runs, ...seed },
  );
}
