import { compareText } from '../../model/config-object.ts';
import { attaches, type PolicyWorkload } from '../policy-attachment.ts';
import type { WorkloadExtension } from './workload-extension.ts';

/**
 * The extensions that hold for a workload, in the order of their filters within a phase: by priority, then those of its own
 * namespace before those of the root namespace, then the oldest first (Istio `TrafficExtensionsByListenerInfo`).
 */
export function selectExtensions(
  ofNamespace: Iterable<WorkloadExtension>,
  ofRootNamespace: Iterable<WorkloadExtension>,
  workload: PolicyWorkload,
): readonly WorkloadExtension[] {
  return [...[...ofNamespace].sort(oldestFirst), ...[...ofRootNamespace].sort(oldestFirst)]
    .filter((extension) => attaches(extension, workload))
    .sort((a, b) => (b.priority ?? lowest) - (a.priority ?? lowest));
}

/** Of an int32. */
const lowest = -(2 ** 31);

function oldestFirst(a: WorkloadExtension, b: WorkloadExtension): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}
