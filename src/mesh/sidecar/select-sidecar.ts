import { byAge, type ConfigObject } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';

/**
 * Which Sidecar holds for a workload: of its namespace, one whose workloadSelector selects it, else the one without
 * selector, else that of the root namespace; the oldest of each (Istio `initSidecarScopes`).
 */
export function selectSidecar(
  ofNamespace: Iterable<ConfigObject<Sidecar>>,
  ofRootNamespace: Iterable<ConfigObject<Sidecar>>,
  labels: Labels,
): ConfigObject<Sidecar> | undefined {
  const own = [...ofNamespace].sort(byAge);
  return (
    own.find(({ spec }) => spec.workloadSelector !== undefined && selects(spec.workloadSelector.labels ?? {}, labels)) ??
    own.find(({ spec }) => spec.workloadSelector === undefined) ??
    [...ofRootNamespace].sort(byAge).find(({ spec }) => spec.workloadSelector === undefined)
  );
}
