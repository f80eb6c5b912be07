import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkedPatch, patchSetOf } from './checked-patch.ts';
import type { CompiledPatch } from './compiled-patch.ts';
import type { PatchCodec } from './patch-codec.ts';

/** Patches by number; a resource is the list of those that were applied, and wrong where a bad one is among them. */
function patched(count: number, bad: ReadonlySet<number>) {
  let passes = 0;
  const all = Array.from(
    { length: count },
    (_, index): CompiledPatch => ({ namespace: 'n', name: 'e', index, applyTo: 'CLUSTER', operation: 'MERGE', match: {} }),
  );
  const { value, failures } = checkedPatch<readonly number[]>({
    codec: {} as PatchCodec,
    context: 'GATEWAY',
    patches: patchSetOf(all),
    pass: ({ patches }) => {
      passes++;
      return [...patches.values()].flat().map(({ index }) => index);
    },
    faultOf: (indices) => {
      const found = indices.find((index) => bad.has(index));
      return found === undefined ? undefined : `${found} is bad`;
    },
  });
  return { value, failed: [...failures].map(([{ index }, fault]) => [index, fault]), passes };
}

it('leaves out those patches that make it wrong, each with its reason', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39)), (count, numbers) => {
      const bad = new Set(numbers.filter((number) => number < count));
      const { value, failed } = patched(count, bad);
      expect(value).toEqual(Array.from({ length: count }, (_, index) => index).filter((index) => !bad.has(index)));
      expect(failed).toEqual([...bad].sort((a, b) => a - b).map((index) => [index, `${index} is bad`]));
    }),
  );
});

it('finds one among many in few passes', () => {
  expect(patched(1_000, new Set([700])).passes).toBeLessThan(50);
});
