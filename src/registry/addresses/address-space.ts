import type { Service } from '../../model/service.ts';

/** Numbered places for hosts without an address. A host finds its place by its name alone, so that all replicas agree. */
export interface AddressSpace {
  /** `key` is `namespace/hostname`. */
  readonly firstSlotOf: (key: string) => number;
  /** All slots that a host may take, best first. */
  readonly slotsOf: (key: string) => Iterable<number>;
  /** Undefined: the slot has no address. */
  readonly addressesOf: (slot: number) => Required<Service['autoAllocated']> | undefined;
}
