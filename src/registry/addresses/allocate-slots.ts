import { compareText } from '../../model/config-object.ts';
import type { AddressSpace } from './address-space.ts';

/** One host without an address. */
export interface AddressClaim {
  readonly key: string;
  /** The older one keeps a slot that two want. */
  readonly createdAt: number;
  /** ServiceEntries that define the host: Istio gives each a slot, and the host the lowest of them. */
  readonly copies: number;
}

/** What an allocation asks about a slot. */
export interface SlotTable {
  readonly space: AddressSpace;
  /** The claims that hash to this slot. */
  readonly wantedBy: (slot: number) => ReadonlyMap<string, AddressClaim>;
  /** Whether somebody holds the slot's IPv4 address already, by `status.addresses` or by hand. */
  readonly isReserved: (v4: string) => boolean;
}

/** Whether the claims for a slot cannot simply have it: then `allocateContended` decides. */
export function isContended(slot: number, table: SlotTable): boolean {
  const claims = table.wantedBy(slot);
  if (claims.size !== 1 || !isUsable(slot, table)) return true;
  for (const claim of claims.values()) if (claim.copies > 1) return true;
  return false;
}

/**
 * Slots for hosts that share their first one or want several: oldest first, each takes its next slot that is nobody's first
 * and still free. A new host therefore moves nobody, unless it hashes to a slot that such a host was moved to.
 */
export function allocateContended(claims: Iterable<AddressClaim>, table: SlotTable): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const slots = new Map<string, number>();
  for (const claim of [...claims].sort((a, b) => a.createdAt - b.createdAt || compareText(a.key, b.key))) {
    const own: number[] = [];
    for (const slot of table.space.slotsOf(claim.key)) {
      if (own.length === claim.copies) break;
      const wanted = table.wantedBy(slot);
      const isFree = wanted.size === 0 || wanted.has(claim.key);
      if (!isFree || taken.has(slot) || !isUsable(slot, table)) continue;
      taken.add(slot);
      own.push(slot);
    }
    if (own.length > 0) slots.set(claim.key, Math.min(...own));
  }
  return slots;
}

function isUsable(slot: number, table: SlotTable): boolean {
  const addresses = table.space.addressesOf(slot);
  return addresses !== undefined && !table.isReserved(addresses.v4);
}
