import { compareText } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { Workload } from '../../model/workload.ts';

/** Labels that people call a workload by, strongest first. */
const nameLabels = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name', 'istio'] as const;

/** A way in which a name may mean a workload. */
interface Meaning {
  readonly says: (workload: Workload, name: string) => string;
  readonly fits: (workload: Workload, name: string) => boolean;
}

/** In the order in which they are tried. */
const meanings: readonly Meaning[] = [
  { fits: (workload, name) => workload.name === name, says: ({ source }) => (source.kind === 'Pod' ? 'pod' : source.kind) },
  {
    fits: ({ labels }, name) => labelled(labels, name) !== undefined,
    says: ({ labels }, name) => `label ${labelled(labels, name)}=${name}`,
  },
  { fits: ({ workloadName }, name) => workloadName === name, says: () => 'the workload of that name' },
  { fits: ({ serviceAccount }, name) => serviceAccount === name && name !== 'default', says: () => 'service account' },
];

export interface FoundWorkload {
  readonly workload: Workload;
  /** Half a sentence: `WorkloadEntry`, `label app=web, one of 3`. */
  readonly remark: string;
}

/** The workload that is meant by a name: its own, an app label, its Deployment's or its service account's; the first by name. */
export function matchWorkload(workloads: readonly Workload[], name: string): FoundWorkload | undefined {
  for (const { fits, says } of meanings) {
    const [first, ...others] = workloads.filter((workload) => fits(workload, name)).sort((a, b) => compareText(a.name, b.name));
    if (first === undefined) continue;
    return { workload: first, remark: `${says(first, name)}${others.length > 0 ? `, one of ${others.length + 1}` : ''}` };
  }
  return undefined;
}

/** All names that `matchWorkload` takes for the workload. */
export function namesOf({ name, labels, workloadName }: Workload): readonly string[] {
  return [name, workloadName, ...nameLabels.flatMap((label) => labels[label] ?? [])].filter((each) => each !== '');
}

function labelled(labels: Labels, name: string): string | undefined {
  return nameLabels.find((label) => labels[label] === name);
}
