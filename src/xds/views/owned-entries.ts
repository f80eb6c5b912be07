import type { Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import type { RouteWorld } from './route-entries.ts';
import { tablesOfEntry } from './route-table-names.ts';
import type { OwnedEntry } from './settled-entries.ts';

/** The entries of a service with the tables that they are in; `egress`: the Sidecar's listener that they are for. */
export function ownedByService(
  { scope, settings }: Pick<RouteWorld, 'scope' | 'settings'>,
  service: Service,
  entries: readonly VirtualHostEntry[],
  egress?: IstioEgressListener,
): readonly OwnedEntry[] {
  return entries.map((entry) => {
    const tables = tablesOfEntry(service, { port: entry.port, scope, settings, ...(egress && { egress }) });
    return { owner: service.hostname, entry, tables };
  });
}

/** The entries of a VirtualService's hosts that are no services. */
export function ownedByRoot(vsKey: string, entries: readonly VirtualHostEntry[]): readonly OwnedEntry[] {
  return entries.map((entry) => ({ owner: ownerOfRoot(vsKey), entry, tables: [String(entry.port)] }));
}

/** Of a VirtualService by its `namespace/name`. */
export function ownerOfRoot(vsKey: string): string {
  return `vs:${vsKey}`;
}

/** By port, host and owner. */
export function byEntryKey(entries: readonly OwnedEntry[]): readonly (readonly [string, OwnedEntry])[] {
  return entries.map((each) => [`${each.entry.port}|${each.entry.host}|${each.owner}`, each] as const);
}

export function portOfEntry({ entry }: OwnedEntry): readonly string[] {
  return [String(entry.port)];
}
