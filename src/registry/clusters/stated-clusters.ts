import { configIssueCodes } from '../../config/issue-codes.ts';
import { remoteClusterLabel } from '../../config/kubernetes/watched-kinds.ts';
import { type ConfigObject, compareText, objectKey, refOf } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Secret } from '../../schema/kubernetes/secret.ts';

/** A further cluster, as a Secret states it. */
export interface StatedCluster {
  readonly id: string;
  readonly kubeconfig: string;
  readonly secret: ConfigObject<Secret>;
}

export interface StatedClusters {
  readonly byId: ReadonlyMap<string, StatedCluster>;
  readonly issues: readonly Issue[];
}

/** Whether a Secret leads to further clusters: only those of the mesh's own namespace do. */
export function isClusterSecret({ namespace, labels }: ConfigObject<Secret>, rootNamespace: string): boolean {
  return namespace === rootNamespace && labels[remoteClusterLabel] === 'true';
}

/** What is known of clusters beside the Secrets. */
export interface ClusterNames {
  /** Why nothing may have this name; undefined: it may. */
  readonly refusal: (id: string) => string | undefined;
  /** `namespace/name` of the Secret by which a cluster is read now. */
  readonly holderOf: (id: string) => string | undefined;
}

/**
 * The clusters that Secrets state: each key of their data is a cluster id, its value a kubeconfig. Of two Secrets that state the
 * same cluster the one that holds it keeps it, else the first by name has it (Istio `addRemoteConfig`).
 */
export function statedClusters(secrets: Iterable<ConfigObject<Secret>>, { refusal, holderOf }: ClusterNames): StatedClusters {
  const byId = new Map<string, StatedCluster>();
  const issues: Issue[] = [];
  for (const secret of [...secrets].sort((a, b) => compareText(objectKey(a), objectKey(b)))) {
    for (const [id, kubeconfig] of kubeconfigsOf(secret)) {
      const [known, why] = [byId.get(id), refusal(id)];
      if (why !== undefined) issues.push(issueOf(secret, id, why));
      else if (known === undefined) byId.set(id, { id, kubeconfig, secret });
      else {
        const isHolder = holderOf(id) === objectKey(secret);
        if (isHolder) byId.set(id, { id, kubeconfig, secret });
        const [loser, winner] = isHolder ? [known.secret, secret] : [secret, known.secret];
        issues.push(issueOf(loser, id, `the Secret ${objectKey(winner)} states it too, and holds it`));
      }
    }
  }
  return { byId, issues };
}

function kubeconfigsOf({ spec }: ConfigObject<Secret>): readonly (readonly [string, string])[] {
  const decoded = Object.entries(spec.data ?? {}).map(([id, base64]) => [id, Buffer.from(base64, 'base64').toString('utf8')] as const);
  const all = new Map([...decoded, ...Object.entries(spec.stringData ?? {})]);
  return [...all].sort(([a], [b]) => compareText(a, b));
}

function issueOf(secret: ConfigObject<Secret>, id: string, why: string): Issue {
  return {
    code: configIssueCodes.remoteCluster,
    severity: 'warning',
    message: `the cluster ${id} of this Secret is not used: ${why}`,
    object: refOf(secret),
    path: ['data', id],
  };
}
