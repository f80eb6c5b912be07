import type { Kind } from '../../schema/kind.ts';
import { kinds } from '../../schema/kinds.ts';

/** A kind that is read from an API server, and which of its objects. */
export interface WatchedKind {
  readonly kind: Kind;
  readonly selection?: KindSelection;
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

/** Never read as a whole: nobody needs them, and to hold every secret of a cluster is a danger of its own. */
const unread: ReadonlySet<string> = new Set(['Secret', 'ServiceAccount']);

/** What a mesh reads of its cluster. Of the ConfigMaps it is the mesh's own, of the pods those that may still run. */
export function watchedKinds(rootNamespace: string): readonly WatchedKind[] {
  const selections: Readonly<Record<string, KindSelection>> = {
    ConfigMap: { namespace: rootNamespace, fieldSelector: 'metadata.name=istio' },
    Pod: { fieldSelector: 'status.phase!=Failed' },
  };
  return kinds.flatMap((kind) => {
    if (unread.has(kind.kind)) return [];
    const selection = selections[kind.kind];
    return [{ kind, ...(selection ? { selection } : {}) }];
  });
}
