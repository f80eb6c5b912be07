import type { AddressSpace } from './address-space.ts';
import { fnv1a } from './fnv1a.ts';

/**
 * Automatic addresses: every host hashes to one of 65024 slots, and a slot is an address of 240.240.0.0/16 and one of
 * 2001:2::/48. Same hash, probing and numbering as Istio's (`serviceentry/auto_allocation.go`), so that a mesh that moves
 * keeps its addresses. Two things differ, both so that a host never moves because of an unrelated one: slots that would
 * end in .0 are skipped instead of shifting all that follow, and the IPv6 form is padded, because without it two slots
 * can share one address.
 */
const slotCount = 256 * 254;
const secondPrime = 65011;

/** The slots that a host may take, best first. `key` is `namespace/hostname`. */
export function* slotsOf(key: string): Generator<number> {
  const hash = fnv1a(key);
  yield hash % slotCount;
  const step = secondPrime - (hash % secondPrime);
  for (let i = 1; i <= slotCount; i++) yield ((hash + Math.imul(i, step)) >>> 0) % (slotCount - 1);
}

export function firstSlotOf(key: string): number {
  return fnv1a(key) % slotCount;
}

/** Undefined: the slot has no address, because it would be one that ends in .0. */
export function addressesOfSlot(slot: number): { readonly v4: string; readonly v6: string } | undefined {
  const third = Math.floor((slot + 1) / 255);
  const fourth = (slot + 1) % 255;
  if (fourth === 0) return undefined;
  const low = ((third << 8) | fourth).toString(16);
  return { v4: `240.240.${third}.${fourth}`, v6: `2001:2::f0f0:${low}` };
}

/** The addresses of ServiceEntries. */
export const istioSlots: AddressSpace = { firstSlotOf, slotsOf, addressesOf: addressesOfSlot };
