import { matchesSelector } from '../../model/label-selector.ts';
import type { Labels } from '../../model/labels.ts';
import type { ServiceEntryVisibility } from '../../schema/mesh-config/mesh-config.ts';

/** How far the mesh lets ServiceEntries of a namespace be seen at most. */
export type EntryVisibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/**
 * What MeshConfig.serviceEntryVisibility says of a namespace with these labels: the first policy all of whose rules match, else
 * its default. A rule without a selector never matches; a policy without rules always does. Sidecars are asked about it only
 * where it says so (Istio `VisibilityFor`, `serviceExportTo`).
 */
export function entryVisibility(setting: ServiceEntryVisibility | undefined, namespaceLabels: Labels): EntryVisibility {
  if (setting?.applyToSidecars !== true) return 'PUBLIC';
  const policy = setting.policies?.find(({ matchingRules = [] }) =>
    matchingRules.every(({ namespaceSelector }) => namespaceSelector !== undefined && matchesSelector(namespaceSelector, namespaceLabels)),
  );
  const visibility = policy === undefined ? setting.defaultVisibility : policy.visibility;
  return visibility === 'NAMESPACE' || visibility === 'NONE' ? visibility : 'PUBLIC';
}

/** The namespaces that an entry is exported to, narrowed; what is hidden stays hidden. */
export function narrowed(exportTo: readonly string[], visibility: EntryVisibility, namespace: string): readonly string[] {
  if (visibility === 'PUBLIC' || (exportTo.length === 1 && exportTo[0] === '~')) return exportTo;
  const reachesOwn = exportTo.some((name) => name === '*' || name === '.' || name === namespace);
  return visibility === 'NAMESPACE' && reachesOwn ? ['.'] : ['~'];
}
