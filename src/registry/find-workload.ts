import type { Index, MapCell, Read } from '../incremental/cell.ts';
import type * as model from '../model/proxy.ts';
import type { Workload } from '../model/workload.ts';

/** What says where a proxy is: every `Proxy` has it. */
export type ProxyPlace = Pick<model.Proxy, 'id' | 'namespace' | 'addresses' | 'labels' | 'clusterId' | 'metadata'>;

/** The workloads of one registry. They stay apart, because two clusters can have pods of the same name. */
export interface WorkloadTable {
  readonly clusterId: string;
  /** By `kind/namespace/name`. */
  readonly workloads: MapCell<Workload>;
  readonly byAddress: Index<Workload>;
}

/** The pod of a proxy: the one that its node id (`name.namespace`) names, else the one with its primary address. */
export function findPod(tables: readonly WorkloadTable[], read: Read, proxy: ProxyPlace): Workload | undefined {
  for (const table of tables) {
    if (!isOfCluster(table, proxy)) continue;
    const named = read(table.workloads.at(`Pod/${proxy.namespace}/${nameOf(proxy)}`));
    const found = named ?? atAddress('Pod', table, read, proxy)[0];
    if (found) return found;
  }
  return undefined;
}

/** The WorkloadEntry with the primary address of a proxy; of several the one that its node id names, else the first by name. */
export function findEntry(tables: readonly WorkloadTable[], read: Read, proxy: ProxyPlace): Workload | undefined {
  const found = tables.flatMap((table) => atAddress('WorkloadEntry', table, read, proxy));
  return found.find((entry) => entry.name === nameOf(proxy)) ?? found[0];
}

/** Only of the proxy's own namespace: the labels of another would give it configuration that is not its own. */
function atAddress(kind: string, table: WorkloadTable, read: Read, proxy: ProxyPlace): readonly Workload[] {
  const [address] = proxy.addresses;
  if (address === undefined) return [];
  const found = [...read(table.byAddress.group(address)).values()];
  return found.filter((workload) => workload.source.kind === kind && workload.namespace === proxy.namespace);
}

/** Pod names may hold dots, namespaces do not. */
function nameOf(proxy: ProxyPlace): string {
  const suffix = `.${proxy.namespace}`;
  return proxy.id.endsWith(suffix) ? proxy.id.slice(0, -suffix.length) : '';
}

function isOfCluster(table: WorkloadTable, proxy: ProxyPlace): boolean {
  return proxy.clusterId === '' || table.clusterId === '' || table.clusterId === proxy.clusterId;
}
