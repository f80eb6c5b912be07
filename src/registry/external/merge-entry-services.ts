import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, compareText } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { asSiblings, type Service, withSiblings } from '../../model/service.ts';
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
 * ServiceEntries of one namespace with the same host that are alike in resolution, labels, selector and exportTo are one service: the
 * oldest, with the port numbers and addresses of all. The others are its siblings, of which each namespace sees the first
 * that is exported to it (Istio `appendSidecarServices`, `canMergeServices`). The youngest states the identities of all (`addServiceAccounts`).
 */
export function mergeEntryServices(sorted: readonly [EntryService, ...EntryService[]]): Service {
  const [oldest] = sorted;
  if (sorted.length === 1) return oldest.service;
  const first = mergedWith(oldest, sorted);
  const heads = sorted.filter((entry, index) => !sorted.slice(0, index).some((older) => canMerge(older, entry)));
  return asSiblings(
    first,
    heads.slice(1).map((head) => mergedWith(head, sorted)),
  );
}

function mergedWith(oldest: EntryService, others: readonly EntryService[]): Service {
  let merged = { ...oldest.service, serviceAccounts: others.at(-1)?.service.serviceAccounts ?? [] };
  for (const other of others) {
    if (other === oldest || !canMerge(oldest, other)) continue;
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
  // As it is written: what says nothing is not like what says the same as the mesh's default.
  const exportToOf = (entry: EntryService): readonly string[] => [...new Set(entry.object.spec.exportTo)].sort(compareText);
  return (
    a.service.resolution === b.service.resolution &&
    deepEqual(a.service.labels, b.service.labels) &&
    deepEqual(selectorOf(a), selectorOf(b)) &&
    deepEqual(exportToOf(a), exportToOf(b))
  );
}

/** The endpoints of one ServiceEntry, beside the service it makes of the host. */
export interface EntryEndpoints {
  readonly service: Service;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The endpoints of all ServiceEntries of one host, oldest first: siblings share them. DNS clusters take them by port number in Istio, so
 * there they take the names that services have for the number; DNS_ROUND_ROBIN can hold one endpoint for each port.
 */
export function mergeEntryEndpoints(merged: Service, sorted: readonly EntryEndpoints[]): readonly Endpoint[] {
  const names = namesInDns(merged);
  const out: Endpoint[] = [];
  const taken = new Set<string>();
  for (const { service, endpoints } of sorted) {
    const renamed = new Map(service.ports.map((port) => [port.name, names.get(port.number)]));
    for (const original of endpoints) {
      const portNames = isDnsResolution(service.resolution) ? renamed.get(original.portName) : undefined;
      for (const portName of portNames ?? [original.portName]) {
        if (service.resolution === 'DNSRoundRobinLB' && taken.has(portName)) continue;
        taken.add(portName);
        out.push({ ...original, portName });
      }
    }
  }
  return canonicalEndpoints(out);
}

/** Names by port number of those of the services that Envoy resolves. */
function namesInDns(merged: Service): ReadonlyMap<number, ReadonlySet<string>> {
  const names = new Map<number, Set<string>>();
  for (const { ports, resolution } of withSiblings(merged)) {
    if (!isDnsResolution(resolution)) continue;
    for (const { number, name } of ports) names.set(number, (names.get(number) ?? new Set()).add(name));
  }
  return names;
}
