import type { KubeObject } from '../kube-object.ts';

/** A kind that installations consist of, and where an API server keeps its objects. */
export interface InstalledKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
}

const namespaced = { scope: 'Namespaced' } as const;
const cluster = { scope: 'Cluster' } as const;
const rbac = 'rbac.authorization.k8s.io/v1';
const admission = 'admissionregistration.k8s.io/v1';

/** In the order in which they are removed: first what stands in the way of others, last what others need. */
export const installedKinds: readonly InstalledKind[] = [
  { apiVersion: admission, kind: 'ValidatingWebhookConfiguration', plural: 'validatingwebhookconfigurations', ...cluster },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', plural: 'horizontalpodautoscalers', ...namespaced },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets', ...namespaced },
  { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments', ...namespaced },
  { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', plural: 'endpointslices', ...namespaced },
  { apiVersion: 'v1', kind: 'Service', plural: 'services', ...namespaced },
  { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', ...namespaced },
  { apiVersion: rbac, kind: 'RoleBinding', plural: 'rolebindings', ...namespaced },
  { apiVersion: rbac, kind: 'Role', plural: 'roles', ...namespaced },
  { apiVersion: rbac, kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', ...cluster },
  { apiVersion: rbac, kind: 'ClusterRole', plural: 'clusterroles', ...cluster },
  { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', ...namespaced },
];

/** Made first, removed last, and only where it was asked for. */
export const sharedKinds: readonly InstalledKind[] = [
  { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', plural: 'customresourcedefinitions', ...cluster },
  { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', ...cluster },
];

/** Where all objects of a kind are listed, of all namespaces. */
export function collectionPath({ apiVersion, plural }: InstalledKind): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/${plural}`;
}

/** Where one object is. Throws for a kind that no installation has: a bug. */
export function objectPath({ kind, metadata }: KubeObject): string {
  const found = [...installedKinds, ...sharedKinds].find((each) => each.kind === kind);
  if (!found) throw new Error(`no installation has a ${kind}`);
  return pathIn(found, metadata);
}

export function pathIn(kind: InstalledKind, { name, namespace }: KubeObject['metadata']): string {
  const { apiVersion, plural, scope } = kind;
  const root = apiVersion.includes('/') ? '/apis' : '/api';
  const within = scope === 'Namespaced' ? `/namespaces/${namespace}` : '';
  return `${root}/${apiVersion}${within}/${plural}/${name}`;
}

/** `Deployment istio-system/istiod`, as messages name it. */
export function nameOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}
