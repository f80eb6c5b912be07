import { isIpAddress } from '../../lib/cidr.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import { compareEndpoints, endpointKey } from '../endpoint-order.ts';
import type { ServiceParts } from './merge-layer.ts';

/** By name: the addresses that DNS has for it, as far as they are known. */
export type NameAddresses = ReadonlyMap<string, readonly string[]>;

/** Whether some registries know a host by names and others by addresses, so that its names are resolved before proxies hear of them. */
export function isMixed(parts: ServiceParts): boolean {
  const balanced = parts.filter(({ value }) => value.resolution === 'ClientSideLB');
  return balanced.length > 0 && parts.some(({ value }) => isByName(value));
}

function isByName({ resolution }: Service): boolean {
  return resolution === 'DNSLB' || resolution === 'DNSRoundRobinLB';
}

export function namesOf(endpoints: readonly Endpoint[]): readonly string[] {
  return [...new Set(endpoints.map(({ address }) => address).filter(isName))];
}

/** Endpoints that are stated by name become one for each of its addresses: EDS knows addresses alone. One that is there already stays. */
export function resolveNames(endpoints: readonly Endpoint[], addresses: NameAddresses): readonly Endpoint[] {
  const named = endpoints.filter(({ address }) => isName(address));
  if (named.length === 0) return endpoints;
  const out = endpoints.filter(({ address }) => !isName(address));
  const taken = new Set(out.map(endpointKey));
  for (const original of named) {
    for (const address of addresses.get(original.address) ?? []) {
      const endpoint = { ...original, address };
      const place = endpointKey(endpoint);
      if (taken.has(place)) continue;
      taken.add(place);
      out.push(endpoint);
    }
  }
  return out.sort(compareEndpoints);
}

function isName(address: string): boolean {
  return address !== '' && !address.startsWith('unix://') && !address.startsWith('@') && !isIpAddress(address);
}
