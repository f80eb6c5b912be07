import type { Cell, Index, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { Service } from '../../model/service.ts';
import type { AddressSpace } from './address-space.ts';
import { type AddressClaim, allocateContended, isContended, type SlotTable } from './allocate-slots.ts';

export interface AllocationSources {
  readonly space: AddressSpace;
  /** By the key of the claim. */
  readonly claims: MapCell<AddressClaim>;
  /** Groups of IPv4 addresses that somebody holds already. */
  readonly reserved?: Index<true>;
}

/** The address of each claim: that of its first slot, and only where several want one slot is anything decided among them. */
export function allocatedAddresses(
  engine: Engine,
  { space, claims, reserved }: AllocationSources,
): MapCell<Required<Service['autoAllocated']>> {
  const bySlot = engine.index(claims, (claim) => [String(space.firstSlotOf(claim.key))]);
  const tableOf = (read: Read): SlotTable => ({
    space,
    wantedBy: (slot) => read(bySlot.group(String(slot))),
    isReserved: (v4) => reserved !== undefined && read(reserved.group(v4)).size > 0,
  });
  const contended = engine.mapValues(
    bySlot.groups,
    (wanting, slot, read) => (isContended(Number(slot), tableOf(read)) ? wanting : undefined),
    deepEqual,
  );
  const decided: Cell<ReadonlyMap<string, number>> = engine.derived((read) => {
    const losers = [...read(contended).values()].flatMap((wanting) => [...wanting.values()]);
    return allocateContended(losers, tableOf(read));
  }, deepEqual);
  return engine.mapValues(
    claims,
    (claim, key, read) => {
      const first = space.firstSlotOf(claim.key);
      const slot = read(contended.at(String(first))) === undefined ? first : read(decided).get(key);
      return slot === undefined ? undefined : space.addressesOf(slot);
    },
    deepEqual,
  );
}
