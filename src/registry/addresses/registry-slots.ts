import type { AddressSpace } from './address-space.ts';
import { fnv1a } from './fnv1a.ts';

/**
 * Automatic addresses of hosts that live registries know: 241.0.0.0/8 without addresses that end in .0 or .255, and the
 * same bits at the end of 2001:2::/96. Far larger than Istio's range for ServiceEntries, because nothing remembers these
 * addresses: two hosts seldom want one slot (3 pairs among 10 000), so that a host seldom moves when another comes or goes.
 */
const perNetwork = 254;
const slotCount = 256 * 256 * perNetwork;

export const registrySlots: AddressSpace = {
  firstSlotOf: (key) => fnv1a(key) % slotCount,
  *slotsOf(key) {
    const first = fnv1a(key) % slotCount;
    for (let i = 0; i < slotCount; i++) yield (first + i) % slotCount;
  },
  addressesOf(slot) {
    const network = Math.floor(slot / perNetwork);
    const [second, third, fourth] = [network >> 8, network & 0xff, (slot % perNetwork) + 1];
    return { v4: `241.${second}.${third}.${fourth}`, v6: `2001:2::f1${hex(second)}:${hex(third)}${hex(fourth)}` };
  },
};

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
