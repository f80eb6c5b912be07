import type { Kind } from '../../../src/schema/kind.ts';
import { findKind } from '../../../src/schema/kinds.ts';
import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';

export interface YamlObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: object;
}

/** `/apis/networking.istio.io/v1/namespaces/shop/gateways`: where an object is created. */
export function collectionPath(kind: Kind, apiVersion: string, namespace: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${kind.scope === 'Cluster' ? '' : `/namespaces/${namespace}`}/${kind.plural}`;
}

/**
 * Creates objects as they stand in YAML, statuses included; what an API server insists on is filled in, and addresses that it
 * allocates are left to it. Resolves with those that it refused.
 */
export async function putObjects(cluster: KubeCluster, objects: readonly YamlObject[]): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const object of objects) {
    const kind = findKind(object.apiVersion, object.kind);
    if (!kind) continue;
    const { name, namespace = 'default' } = object.metadata;
    await prepare(cluster, kind, namespace, object);
    const path = collectionPath(kind, object.apiVersion, namespace);
    const { status, body } = await cluster.http.call(path, { method: 'POST', body: acceptable(object) });
    if (status >= 300 && status !== 409) refused.push(`${object.kind} ${namespace}/${name}: ${JSON.stringify(body)}`);
    if (status >= 300 || object.status === undefined) continue;
    const patch = { method: 'PATCH', contentType: 'application/merge-patch+json', body: { status: object.status } };
    await cluster.http.call(`${path}/${name}/status`, patch);
  }
  return refused;
}

/** A pod needs its namespace and its service account to be there. */
async function prepare(cluster: KubeCluster, kind: Kind, namespace: string, { spec }: YamlObject): Promise<void> {
  if (kind.scope === 'Cluster') return;
  await cluster.http.call('/api/v1/namespaces', { method: 'POST', body: { metadata: { name: namespace } } });
  if (kind.kind !== 'Pod') return;
  const { serviceAccountName } = (spec ?? {}) as { readonly serviceAccountName?: string };
  const name = serviceAccountName ?? 'default';
  await cluster.http.call(`/api/v1/namespaces/${namespace}/serviceaccounts`, { method: 'POST', body: { metadata: { name } } });
}

function acceptable(object: YamlObject): object {
  const { status: _, spec = {}, ...rest } = object;
  if (object.kind === 'Service') {
    const { clusterIP, clusterIPs: _ips, ...service } = spec;
    return { ...rest, spec: clusterIP === 'None' ? { ...service, clusterIP } : service };
  }
  if (object.kind !== 'Pod') return object;
  const containers = (spec['containers'] as readonly object[] | undefined) ?? [{ name: 'app' }];
  return { ...rest, spec: { ...spec, containers: containers.map((container) => ({ image: 'none', ...container })) } };
}
