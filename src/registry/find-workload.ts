import type { Index, MapCell, Read } from '../incremental/cell.ts';
import type * as model from '../model/proxy.ts';
import type { Workload } from '../model/workload.ts';

/** What says where a proxy is: every `Proxy` has it. */
export type ProxyPlace = Pick<model.Proxy, 'id' | 'namespace' | 'addresses' | 'labels' | 'clusterId' | 'metadata'>;

/** Where workloads are looked up. */
export interface WorkloadLookup {
  readonly workloads: MapCell<Workload>;
  readonly workloadsByAddress: Index<Workload>;
}

/** The pod of a proxy, else its WorkloadEntry. */
export function findWorkload(lookup: WorkloadLookup, read: Read, proxy: ProxyPlace): Workload | undefined {
  return findOfKind('Pod', lookup, read, proxy) ?? findOfKind('WorkloadEntry', lookup, read, proxy);
}

/**
 * By the name in the node id (`name.namespace`); else by the primary address in the proxy's namespace. A pod of another
 * cluster or namespace is never taken: its labels would give the proxy configuration that is not its own.
 */
export function findOfKind(kind: string, lookup: WorkloadLookup, read: Read, proxy: ProxyPlace): Workload | undefined {
  const named = read(lookup.workloads.at(`${kind}/${proxy.namespace}/${nameOf(proxy)}`));
  if (named && isOfCluster(named, proxy)) return named;
  const [address] = proxy.addresses;
  if (address === undefined) return undefined;
  for (const workload of read(lookup.workloadsByAddress.group(address)).values()) {
    if (workload.source.kind === kind && workload.namespace === proxy.namespace && isOfCluster(workload, proxy)) return workload;
  }
  return undefined;
}

/** Pod names may hold dots, namespaces do not. */
function nameOf(proxy: ProxyPlace): string {
  const suffix = `.${proxy.namespace}`;
  return proxy.id.endsWith(suffix) ? proxy.id.slice(0, -suffix.length) : '';
}

function isOfCluster(workload: Workload, proxy: ProxyPlace): boolean {
  return proxy.clusterId === '' || workload.clusterId === '' || workload.clusterId === proxy.clusterId;
}
