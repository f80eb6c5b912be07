// The same world by other ways: in another order, in batches, with repetitions, over restarts (P3).
import fc from 'fast-check';
import type { TextMesh } from '../harness/text-mesh.ts';
import { meshOf, tell } from './tell-world.ts';
import { apply, type Edit, type World } from './world.ts';

/** How events arrive. */
export interface Delivery {
  /** Orders events of different objects. */
  readonly seed: number;
  /** How many events come as one, repeated over all of them. */
  readonly batches: readonly number[];
  /** The event that is told once more, counted from the last one, after each batch. */
  readonly replays: readonly number[];
  /** Batches after which the program is started again. */
  readonly restarts: readonly number[];
}

export const delivery: fc.Arbitrary<Delivery> = fc.record({
  seed: fc.integer(),
  batches: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
  replays: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
  restarts: fc.array(fc.nat({ max: 8 }), { maxLength: 2 }),
});

/** Brings the edits to a mesh that begins with nothing; `look` is called whenever a client would read. */
export async function deliver(edits: readonly Edit[], how: Delivery, look: (mesh: TextMesh) => void): Promise<TextMesh> {
  const events = interleaved(edits, how.seed);
  let world: World = new Map();
  let mesh = await meshOf(world);
  for (let at = 0, batch = 0; at < events.length; batch++) {
    const size = how.batches[batch % how.batches.length] ?? 1;
    tell(mesh, events.slice(at, at + size));
    world = events.slice(at, at + size).reduce(apply, world);
    at += size;
    look(mesh);
    if (how.replays.length > 0) replay(mesh, events.slice(0, at), how.replays[batch % how.replays.length] ?? 0);
    if (how.restarts.includes(batch)) mesh = await meshOf(world);
  }
  return mesh;
}

/** An event comes again that was the last one of its object. */
function replay(mesh: TextMesh, events: readonly Edit[], back: number): void {
  const latest = [...new Map(events.map((one) => [one.slot, one])).values()];
  const one = latest.at(-1 - (back % latest.length));
  if (one) tell(mesh, [one]);
}

/** Events of one object stay in order, those of others come anywhere. */
function interleaved(edits: readonly Edit[], seed: number): readonly Edit[] {
  const queues = new Map<number, Edit[]>();
  for (const one of edits) queues.set(one.slot, [...(queues.get(one.slot) ?? []), one]);
  const waiting = [...queues.values()];
  const events: Edit[] = [];
  for (let state = seed >>> 0; waiting.length > 0; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const index = state % waiting.length;
    const next = waiting[index]?.shift();
    if (next) events.push(next);
    if (waiting[index]?.length === 0) waiting.splice(index, 1);
  }
  return events;
}
