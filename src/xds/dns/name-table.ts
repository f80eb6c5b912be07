import type { NameTable } from '../../envoy/generated/istio/networking/nds/v1/NameTable.ts';
import { compareText } from '../../model/config-object.ts';
import type { NameEntry } from './name-entries.ts';

/**
 * All names in one table, in their order. Where two services come to one name, that of Kubernetes takes the place of another;
 * of two others the addresses add up.
 */
export function buildNameTable(entries: Iterable<NameEntry>): NameTable {
  const byName = new Map<string, NameEntry['info']>();
  for (const { name, info } of entries) {
    const known = byName.get(name);
    if (known === undefined || (known.registry !== 'Kubernetes' && info.registry === 'Kubernetes')) byName.set(name, info);
    else if (known.registry !== 'Kubernetes') byName.set(name, { ...known, ips: [...(known.ips ?? []), ...(info.ips ?? [])] });
  }
  return { table: Object.fromEntries([...byName].sort(([a], [b]) => compareText(a, b))) };
}
