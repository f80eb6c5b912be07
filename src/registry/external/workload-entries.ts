import type { Index, MapCell } from '../../incremental/cell.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { WorkloadEntry } from '../../schema/workload-entry/workload-entry.ts';
import { type MeshSources, meshFacts } from '../mesh-facts.ts';
import { labelGroups } from '../selector-index.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import { convertWorkloadEntry } from './convert-workload-entry.ts';

export interface WorkloadEntriesOptions extends MeshSources {
  readonly workloadEntries: MapCell<ConfigObject<WorkloadEntry>>;
}

/** The healthy WorkloadEntries as workloads. Both ServiceEntries and Kubernetes Services select among them. */
export class WorkloadEntries {
  /** By `namespace/name`. */
  readonly instances: MapCell<WorkloadInstance>;
  /** By `selectorGroup`. */
  readonly byLabel: Index<WorkloadInstance>;

  constructor(options: WorkloadEntriesOptions) {
    const { engine, clusterId } = options;
    const facts = meshFacts(options);
    this.instances = engine.mapValues(
      options.workloadEntries,
      (entry, _key, read) => {
        const { trustDomain, networks } = read(facts);
        return convertWorkloadEntry(entry, { clusterId, trustDomain, networks });
      },
      deepEqual,
    );
    this.byLabel = engine.index(this.instances, ({ workload }) => labelGroups(workload.namespace, workload.labels));
  }
}
