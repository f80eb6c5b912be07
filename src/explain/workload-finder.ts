import type { MapCell } from '../incremental/cell.ts';
import type { Workload } from '../model/workload.ts';

/** The workload that has an address, the first by key; looked through once for as long as nothing changes, as receivers may be thousands. */
export function workloadFinder(workloads: Pick<MapCell<Workload>, 'get'>): (address: string) => Workload | undefined {
  let seen: ReadonlyMap<string, Workload> | undefined;
  let byAddress = new Map<string, Workload>();
  return (address) => {
    const all = workloads.get();
    if (all !== seen) {
      seen = all;
      byAddress = new Map(
        [...all.values()].toReversed().flatMap((workload) => workload.addresses.map((each) => [each, workload] as const)),
      );
    }
    return byAddress.get(address);
  };
}
