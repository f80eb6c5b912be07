import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceEntry } from '../../schema/service-entry/service-entry.ts';
import { canonicalEndpoints } from '../endpoint-order.ts';
import { isDnsResolution } from './convert-service-entry.ts';

/** One host of one ServiceEntry. */
export interface EntryService {
  readonly service: Service;
  readonly object: ConfigObject<ServiceEntry>;
}

/** Oldest first; objects of one age by name, so that every replica takes the same one. */
export function compareEntryServices(a: EntryService, b: EntryService): number {
  return a.service.createdAt - b.service.createdAt || compareText(a.object.name, b.object.name);
}

/**
 * Several ServiceEntries of one namespace with the same host are one service: the oldest, with the port numbers and
 * addresses of those that are like it in resolution, labels, selector and exportTo. Others are ignored (Istio
 * `appendSidecarServices`, `canMergeServices`).
 */
export function mergeEntryServices(sorted: readonly [EntryService, ...EntryService[]]): Service {
  const [oldest, ...others] = sorted;
  let merged = oldest.service;
  for (const other of others) {
    if (!canMerge(oldest, other)) continue;
    const known = new Set(merged.ports.map((port) => port.number));
    merged = {
      ...merged,
      ports: [...merged.ports, ...other.service.ports.filter((port) => !known.has(port.number))],
      targetPorts: { ...other.service.targetPorts, ...merged.targetPorts },
      addresses: [...new Set([...merged.addresses, ...other.service.addresses])],
    };
  }
  return merged;
}

function canMerge(a: EntryService, b: EntryService): boolean {
  const selectorOf = (entry: EntryService): object => entry.object.spec.workloadSelector?.labels ?? {};
  return (
    a.service.resolution === b.service.resolution &&
    deepEqual(a.service.labels, b.service.labels) &&
    deepEqual(selectorOf(a), selectorOf(b)) &&
    deepEqual(a.service.exportTo, b.service.exportTo)
  );
}

/** The endpoints of one ServiceEntry, beside the service it makes of the host. */
export interface EntryEndpoints {
  readonly service: Service;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The endpoints of all ServiceEntries of one host, oldest first. DNS clusters take them by port number in Istio, so there
 * they take the name that the merged service has for the number; DNS_ROUND_ROBIN can hold one endpoint for each port.
 */
export function mergeEntryEndpoints(merged: Service, sorted: readonly EntryEndpoints[]): readonly Endpoint[] {
  const names = new Map(merged.ports.map((port) => [port.number, port.name]));
  const out: Endpoint[] = [];
  const taken = new Set<string>();
  for (const { service, endpoints } of sorted) {
    const renamed = new Map(service.ports.map((port) => [port.name, names.get(port.number) ?? port.name]));
    for (const original of endpoints) {
      const portName = renamed.get(original.portName) ?? original.portName;
      const endpoint = isDnsResolution(service.resolution) ? { ...original, portName } : original;
      if (service.resolution === 'DNSRoundRobinLB' && taken.has(endpoint.portName)) continue;
      taken.add(endpoint.portName);
      out.push(endpoint);
    }
  }
  return canonicalEndpoints(out);
}
