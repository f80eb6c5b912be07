import type { Labels } from '../../model/labels.ts';

const nameLabels = ['service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app'];
const revisionLabels = ['service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version'];

/** Istio's canonical service of a workload: what telemetry groups by. The revision is `latest` where no label names one. */
export function canonicalService(labels: Labels, workloadName: string): { readonly name: string; readonly revision: string } {
  return {
    name: firstLabel(labels, nameLabels) ?? workloadName,
    revision: firstLabel(labels, revisionLabels) ?? 'latest',
  };
}

function firstLabel(labels: Labels, keys: readonly string[]): string | undefined {
  for (const key of keys) if (labels[key] !== undefined) return labels[key];
  return undefined;
}
