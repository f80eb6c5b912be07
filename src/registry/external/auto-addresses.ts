import type { Index, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isIpv4, isIpv6 } from '../../lib/cidr.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Service } from '../../model/service.ts';
import type { AddressClaim } from '../addresses/allocate-slots.ts';
import { allocatedAddresses } from '../addresses/allocated-addresses.ts';
import { istioSlots } from '../addresses/istio-slots.ts';
import { oldestFirst } from './entry-services.ts';
import type { EntryService } from './merge-entry-services.ts';

type AutoAllocated = Service['autoAllocated'];

/**
 * Automatic addresses of the hosts that have none, by `namespace/host`: those that `status.addresses` of a ServiceEntry
 * holds already, else a slot. Where `isAllocating` is false only the status counts.
 */
export function autoAddresses(engine: Engine, byHost: Index<EntryService>, isAllocating: boolean): MapCell<AutoAllocated> {
  const stated = engine.mapValues(byHost.groups, (members, key) => statedAddresses(members, hostOf(key)), deepEqual);
  if (!isAllocating) return stated;
  const claims = engine.mapValues(byHost.groups, (members, key) => claimOf(members, key), deepEqual);
  const allocated = allocatedAddresses(engine, { space: istioSlots, claims, reserved: reservedAddresses(engine, byHost) });
  return engine.union<AutoAllocated>([stated, allocated], ([first]) => first ?? {}, deepEqual);
}

/** Addresses that ServiceEntries hold by status or by hand, so that nobody else is given them. */
function reservedAddresses(engine: Engine, byHost: Index<EntryService>): Index<true> {
  const held = engine.flatMap(byHost.groups, (members) => {
    const objects = [...members.values()].map(({ object }) => object);
    const addresses = objects.flatMap((object) => [...(object.spec.addresses ?? []), ...statusAddresses(object).map(({ value }) => value)]);
    return [...new Set(addresses)].filter((address) => address.startsWith('240.240.')).map((address) => [address, true] as const);
  });
  return engine.index(held, (_, address) => [address]);
}

function claimOf(members: ReadonlyMap<string, EntryService>, key: string): AddressClaim | undefined {
  if (statedAddresses(members, hostOf(key))) return undefined;
  const copies = oldestFirst(members).filter(({ object, service }) => wantsAddress(object, service));
  const [oldest] = copies;
  return oldest && { key, createdAt: oldest.service.createdAt, copies: copies.length };
}

/** Istio's `ShouldV2AutoAllocateIP` and `autoAllocateIPs`: addresses, resolution NONE, a wildcard or the opt-out label speak against it. */
function wantsAddress(object: ConfigObject, service: Service): boolean {
  if (service.addresses.length > 0 || service.resolution === 'Passthrough') return false;
  if (service.hostname.startsWith('*') && service.resolution !== 'DynamicDNS') return false;
  return (object.labels['networking.istio.io/enable-autoallocate-ip'] ?? '').toLowerCase() !== 'false';
}

function statedAddresses(members: ReadonlyMap<string, EntryService>, host: string): AutoAllocated | undefined {
  for (const { object, service } of oldestFirst(members)) {
    if (!wantsAddress(object, service)) continue;
    const own = statusAddresses(object).filter((address) => address.host === host);
    const v4 = own.find(({ value }) => isIpv4(value))?.value;
    const v6 = own.find(({ value }) => isIpv6(value))?.value;
    if (v4 !== undefined || v6 !== undefined) return { ...(v4 === undefined ? {} : { v4 }), ...(v6 === undefined ? {} : { v6 }) };
  }
  return undefined;
}

/** `status.addresses` as far as it has the shape that Istio's controller writes. */
function statusAddresses(object: ConfigObject): readonly { readonly value: string; readonly host: string }[] {
  const { status } = object;
  if (typeof status !== 'object' || status === null || !('addresses' in status) || !Array.isArray(status.addresses)) return [];
  const entries: readonly unknown[] = status.addresses;
  return entries.filter((entry): entry is { value: string; host: string } => {
    if (typeof entry !== 'object' || entry === null || !('value' in entry) || !('host' in entry)) return false;
    return typeof entry.value === 'string' && typeof entry.host === 'string';
  });
}

function hostOf(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
