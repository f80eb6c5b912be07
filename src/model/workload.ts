import type { Labels } from './labels.ts';
import type { ObjectRef } from './object-ref.ts';

/** Something that runs and can have a proxy: a pod or a WorkloadEntry. Its labels are what selectors see. */
export interface Workload {
  readonly source: ObjectRef;
  readonly name: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly serviceAccount: string;
  /** `region/zone/subzone`, empty where unknown. */
  readonly locality: string;
  readonly network: string;
  readonly clusterId: string;
  readonly nodeName: string;
  /** Name of the Deployment or WorkloadGroup it belongs to, for telemetry. */
  readonly workloadName: string;
  /** Port numbers by name: container ports of a pod (`name/UDP` for those that are not TCP), `ports` of a WorkloadEntry. */
  readonly ports?: Readonly<Record<string, number>>;
}
