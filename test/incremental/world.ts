import fc from 'fast-check';
import type { ConfigObject } from '../../src/model/config-object.ts';
import { parseObject } from '../../src/schema/parse-object.ts';
import type { Slot } from './slot.ts';
import { groundSlots, slots } from './world-slots.ts';

/** One edit: a slot becomes this variant, or goes. */
export interface Edit {
  readonly slot: number;
  /** Absent: the object is deleted. */
  readonly variant?: { readonly body: number; readonly labels: number; readonly annotations: number; readonly age: number };
}

/** What stands in each slot. */
export type World = ReadonlyMap<number, NonNullable<Edit['variant']>>;

export const edit: fc.Arbitrary<Edit> = fc
  .record({
    slot: fc.nat({ max: slots.length - 1 }),
    isThere: fc.integer({ min: 0, max: 3 }),
    body: fc.nat({ max: 11 }),
    labels: fc.nat({ max: 2 }),
    annotations: fc.nat({ max: 2 }),
    age: fc.nat({ max: 3 }),
  })
  .map(({ slot, isThere, ...variant }) => (isThere === 0 ? { slot } : { slot, variant }));

/** In a small world few objects find others to which they mean something: half of the histories begin with some that do. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc
  .tuple(fc.boolean(), fc.array(edit, { maxLength: 25 }))
  .map(([hasGround, further]) => [...(hasGround ? groundEdits : []), ...further]);

const groundEdits: readonly Edit[] = slots.flatMap((slot, index) =>
  groundSlots.has(slot) ? [{ slot: index, variant: { body: 0, labels: 0, annotations: 0, age: 0 } }] : [],
);

export function apply(world: World, { slot, variant }: Edit): World {
  const next = new Map(world);
  if (variant === undefined) next.delete(slot);
  else next.set(slot, variant);
  return next;
}

/** The further cluster that a slot is in; undefined for the mesh's own. */
export function clusterOfSlot(index: number): string | undefined {
  return slotAt(index).cluster;
}

export function refOfSlot(index: number): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const { kind, namespace, name } = slotAt(index);
  return { kind, namespace, name };
}

/** What a user would write for a slot in a variant. */
export function documentOf({ slot: index, variant }: Required<Edit>) {
  const slot = slotAt(index);
  const pick = <T>(list: readonly T[] | undefined, at: number): T | undefined => list?.[at % list.length];
  return {
    apiVersion: slot.apiVersion,
    kind: slot.kind,
    metadata: {
      name: slot.name,
      ...(slot.namespace === '' ? {} : { namespace: slot.namespace }),
      labels: pick(slot.labels, variant.labels) ?? {},
      annotations: pick(slot.annotations, variant.annotations) ?? {},
      creationTimestamp: new Date(Date.UTC(2026, 0, 1 + variant.age)).toISOString(),
    },
    ...pick(slot.variants, variant.body),
  };
}

/** The object of a slot in a variant; every variant is valid, so that a world says what it says. */
export function objectOf(edit: Required<Edit>): ConfigObject {
  const parsed = parseObject(documentOf(edit));
  if (parsed.object === undefined) throw new Error(`invalid world: ${JSON.stringify(parsed.issues)}`);
  return parsed.object;
}

function slotAt(index: number): Slot {
  const slot = slots[index];
  if (slot === undefined) throw new RangeError(`no slot ${index}`);
  return slot;
}
