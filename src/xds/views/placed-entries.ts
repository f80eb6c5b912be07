import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { type OutboundListenerKey, outboundListenerKeys, wantsEndpoints } from '../listeners/outbound-listener-keys.ts';
import { listenerName } from '../names.ts';

/** A service port at the listener that it takes part in. */
export interface PlacedEntry {
  readonly listener: string;
  readonly service: Service;
  readonly key: OutboundListenerKey;
  /** Among the entries of the service. */
  readonly position: number;
}

/** Where the ports of a service are listened for. A workload's own pod address is left to the workload's own layer. */
export function placedEntries(
  mesh: Mesh,
  read: Read,
  scope: OutboundScope,
  service: Service,
  egress?: IstioEgressListener,
): readonly PlacedEntry[] {
  const settings = read(mesh.settings);
  const ports = egress?.port === undefined ? service.ports : service.ports.slice(0, 1);
  const keys = ports.flatMap((port) => {
    const all = wantsEndpoints(service, port) ? (read(mesh.endpoints.at(serviceKey(service))) ?? []) : [];
    const endpointAddresses = all.filter(({ portName }) => portName === port.name).map(({ address }) => address);
    const input = { service, port, endpointAddresses, scope, settings, ownAddress: '', ...(egress && { egress }) };
    return outboundListenerKeys(input);
  });
  return keys.map((key, position) => ({ listener: listenerName(key.bind, key.port.number), service, key, position }));
}

/** With a key that tells the entries of one view apart. */
export function byPlace(entries: readonly PlacedEntry[]): readonly (readonly [string, PlacedEntry])[] {
  return entries.map((entry) => [`${entry.listener}|${entry.service.hostname}|${entry.key.cidrs.join(',')}|${entry.key.port.name}`, entry]);
}

export function samePlace(a: PlacedEntry, b: PlacedEntry): boolean {
  return a.service === b.service && a.position === b.position && JSON.stringify(a.key) === JSON.stringify(b.key);
}
