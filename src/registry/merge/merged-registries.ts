import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Part } from '../../incremental/layered-union.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { allocatedAddresses } from '../addresses/allocated-addresses.ts';
import { registrySlots } from '../addresses/registry-slots.ts';
import { compareRegistries, type RankedRegistry, type RegistrySet } from '../registry-set.ts';
import { type MergeConflict, mergeConflicts } from './merge-conflicts.ts';
import { healthDisagreements, mergeEndpoints } from './merge-endpoints.ts';
import { isLive } from './merge-layer.ts';
import type { MergeMode } from './merge-mode.ts';
import { mergeServices } from './merge-services.ts';
import { isMixed, namesOf, resolveNames } from './named-endpoints.ts';

/** All registries as one, by `namespace/hostname`. */
export interface MergedRegistries {
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  /** Of hosts about which registries disagree. */
  readonly conflicts: MapCell<readonly MergeConflict[]>;
  /** Names that must be resolved because others know the same host by addresses. */
  readonly names: Cell<readonly string[]>;
  /** Endpoints that are healthy for one registry and not for another, counted when asked. */
  readonly healthDisagreements: () => number;
}

type Parts<T> = readonly Part<RankedRegistry, T>[];

/**
 *     registries -> parts (what each says of a host) --> services --> endpoints
 *              \--> shards (endpoints of each) ------------------------^
 *              \--> claims of live hosts -> addresses ---^
 */
export function mergeRegistries(registries: RegistrySet): MergedRegistries {
  const { engine } = registries;
  const modeOf = (read: Read, key: string): MergeMode => read(registries.rules.at(key))?.mode ?? 'union';
  const parts = unionOf(registries, ({ services }) => services, allParts<Service>, sameParts);
  const shards = unionOf(registries, ({ endpoints }) => endpoints, allParts<readonly Endpoint[]>, sameParts);
  const addresses = hostAddresses(registries);
  const services = engine.mapValues(
    parts,
    (each, key, read) => {
      const merged = mergeServices(each, each.length > 1 ? modeOf(read, key) : 'union');
      return each.some(({ layer }) => isLive(layer)) ? withAddresses(merged, read(addresses.at(key))) : merged;
    },
    deepEqual,
  );
  const endpoints = engine.mapValues(
    services,
    (merged, key, read) => {
      const input = { merged, shards: read(shards.at(key)) ?? [], services: read(parts.at(key)) ?? [] };
      if (input.services.length <= 1) return mergeEndpoints(input);
      const united = mergeEndpoints({ ...input, mode: modeOf(read, key) });
      return merged.resolution === 'ClientSideLB' && isMixed(input.services)
        ? resolveNames(united, read(registries.nameAddresses))
        : united;
    },
    deepEqual,
  );
  const contested = unionOf(registries, ({ services: own }) => own, contestedParts, sameParts);
  const conflicts = engine.mapValues(contested, (each, key, read) => nonEmpty(mergeConflicts(each, modeOf(read, key))), deepEqual);
  const names = engine.mapValues(contested, (each, key, read) => {
    return isMixed(each) ? (read(shards.at(key)) ?? []).flatMap(({ value }) => namesOf(value)) : undefined;
  });
  return {
    services,
    endpoints,
    conflicts,
    names: engine.derived((read) => [...new Set([...read(names).values()].flat())].sort(compareText), deepEqual),
    healthDisagreements: () => {
      let count = 0;
      for (const [key, own] of contested.get()) {
        const merged = services.lookup(key);
        if (merged) count += healthDisagreements({ merged, shards: shards.lookup(key) ?? [], services: own });
      }
      return count;
    },
  };
}

/** What the registries have under each key, strongest first. */
export function unionOf<T, R>(
  { engine, layers }: RegistrySet,
  mapOf: (layer: RankedRegistry) => MapCell<T>,
  merge: (parts: Parts<T>, key: string) => R | undefined,
  equal: (a: R, b: R) => boolean = Object.is,
): MapCell<R> {
  return engine.unionOf(layers, { mapOf, compare: compareRegistries, merge }, equal);
}

function allParts<T>(parts: Parts<T>): Parts<T> {
  return parts;
}

function sameParts<T>(a: Parts<T>, b: Parts<T>): boolean {
  return a.length === b.length && a.every(({ layer, value }, i) => layer === b[i]?.layer && value === b[i]?.value);
}

/** Hosts that a live registry shares with anybody. */
function contestedParts(parts: Parts<Service>): Parts<Service> | undefined {
  return parts.length > 1 && parts.some(({ layer }) => isLive(layer)) ? parts : undefined;
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/**
 * An address for every host that a live registry knows, whether it is needed or not: so it is the same whatever others
 * come to say of the host.
 */
function hostAddresses(registries: RegistrySet): MapCell<Service['autoAllocated']> {
  const { engine } = registries;
  const nothing = engine.constantMap<Service>(new Map());
  const claims = unionOf(
    registries,
    (layer) => (isLive(layer) ? layer.services : nothing),
    ([first], key) => (first?.value.hostname.startsWith('*') ? undefined : { key, createdAt: 0, copies: 1 }),
    deepEqual,
  );
  return allocatedAddresses(engine, { space: registrySlots, claims });
}

/** Only where nobody gives the host an address: neither Kubernetes nor the registry nor a ServiceEntry. */
function withAddresses(service: Service, allocated: Service['autoAllocated'] | undefined): Service {
  const { addresses, autoAllocated, resolution } = service;
  if (addresses.length > 0 || autoAllocated.v4 !== undefined || autoAllocated.v6 !== undefined) return service;
  return resolution === 'Passthrough' || allocated === undefined ? service : { ...service, autoAllocated: allocated };
}
