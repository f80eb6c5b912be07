import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proxies } from '../incremental/proxies.ts';
import { differences, fromScratch, snapshot } from '../incremental/snapshot.ts';
import { meshOf, tell } from '../incremental/tell-world.ts';
import { apply, type Edit, edit, type World } from '../incremental/world.ts';

const editCount = 10_000;
const editsPerComparison = 10;
/** New on every run; printed, so that a failure can be repeated with COXSWAIN_SEED. */
const seed = Number(process.env['COXSWAIN_SEED'] ?? Date.now() % 1_000_000);

test(`${editCount} random edits of one long-lived mesh: equal to a fresh one throughout (seed ${seed})`, async () => {
  const edits: readonly Edit[] = fc.sample(edit, { numRuns: editCount, seed });
  let world: World = new Map();
  const live = await meshOf(world);
  const views = proxies.map((proxy) => live.connect(proxy));
  let compared = 0;
  for (const [index, one] of edits.entries()) {
    tell(live, [one]);
    world = apply(world, one);
    if (index % editsPerComparison !== editsPerComparison - 1) continue;
    const scratch = await fromScratch(world);
    compared += scratch.size;
    expect(differences(snapshot(views), scratch), `seed ${seed}, edit ${index}`).toEqual([]);
  }
  expect(compared).toBeGreaterThan(editCount);
  for (const view of views) view.close();
});
