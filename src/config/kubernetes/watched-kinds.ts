import type { Kind } from '../../schema/kind.ts';
import { kinds } from '../../schema/kinds.ts';

/** A kind that is read from an API server, and which of its objects. */
export interface WatchedKind {
  readonly kind: Kind;
  readonly selection?: KindSelection;
  /** Where it must not be read (403) nobody waits for it. */
  readonly isDispensable?: true;
}

export interface KindSelection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Groups that every API server has; others come with their CRDs. */
const builtInGroups: ReadonlySet<string> = new Set(['', 'discovery.k8s.io', 'networking.k8s.io']);

export function isBuiltIn({ group }: Kind): boolean {
  return builtInGroups.has(group);
}

/** Nobody needs them. */
const unread: ReadonlySet<string> = new Set(['ServiceAccount']);

/** Of pods, those that may still run. */
const pods: KindSelection = { fieldSelector: 'status.phase!=Failed' };

/** Secrets with this label hold kubeconfigs of further clusters. */
export const remoteClusterLabel = 'istio/multiCluster';

/**
 * What a mesh reads of its cluster. Of the ConfigMaps it is the mesh's own; of the Secrets those that lead to other clusters: to
 * hold every secret of a cluster is a danger of its own.
 */
export function watchedKinds(rootNamespace: string, meshConfigMap = 'istio'): readonly WatchedKind[] {
  const selections: Readonly<Record<string, KindSelection>> = {
    ConfigMap: { namespace: rootNamespace, fieldSelector: `metadata.name=${meshConfigMap}` },
    Secret: { namespace: rootNamespace, labelSelector: `${remoteClusterLabel}=true` },
    Pod: pods,
  };
  return kinds.flatMap((kind) => {
    if (unread.has(kind.kind)) return [];
    const selection = selections[kind.kind];
    // A mesh of one cluster has no use for Secrets.
    return [{ kind, ...(selection ? { selection } : {}), ...(kind.kind === 'Secret' && { isDispensable: true as const }) }];
  });
}

const remoteKinds: ReadonlySet<string> = new Set(['Service', 'EndpointSlice', 'Pod', 'Node', 'Namespace']);

/** What a mesh reads of further clusters: what runs there. Configuration comes from its own cluster alone. */
export function remoteWatchedKinds(): readonly WatchedKind[] {
  return kinds.flatMap((kind) => {
    if (!remoteKinds.has(kind.kind)) return [];
    return [kind.kind === 'Pod' ? { kind, selection: pods } : { kind }];
  });
}
