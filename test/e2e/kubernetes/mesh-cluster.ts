import { vi } from 'vitest';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { definitionsServed } from '../../harness/kube/definitions.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';

export const rootNamespace = 'istio-system';

/** What a test reads of an object. */
export interface LiveObject {
  readonly metadata: { readonly resourceVersion: string; readonly generation: number };
  readonly status?: { readonly conditions?: readonly LiveCondition[]; readonly validationMessages?: readonly object[] };
}

export interface LiveCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** An API server that knows the kinds of a mesh, with namespaces `istio-system` and `shop`. */
export async function startMeshCluster(): Promise<KubeCluster> {
  const cluster = await KubeCluster.start({ controllers: false });
  for (const kind of customKinds)
    await cluster.http.json('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { method: 'POST', body: looseCrd(kind) });
  for (const name of [rootNamespace, 'shop'])
    await cluster.http.json('/api/v1/namespaces', { method: 'POST', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
  await definitionsServed(cluster);
  return cluster;
}

export function virtualServicePath(name: string): string {
  return `/apis/networking.istio.io/v1/namespaces/shop/virtualservices/${name}`;
}

export function virtualService(name: string, http: unknown, labels: Readonly<Record<string, string>> = {}): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop', labels },
    spec: { hosts: [`${name}.example`], http },
  };
}

/** Waits for a condition in the state of the world; never for a time. */
export function eventually<T>(check: () => Promise<T>, timeout = 60_000): Promise<T> {
  return vi.waitFor(check, { timeout, interval: 50 });
}

/** The condition of an object once it has that status. */
export function conditionOf(cluster: KubeCluster, path: string, type: string, status: string, timeout?: number): Promise<LiveCondition> {
  return eventually(async () => {
    const { status: current } = await cluster.http.json<LiveObject>(path);
    const condition = current?.conditions?.find((each) => each.type === type);
    if (condition?.status !== status) throw new Error(`${type} is ${JSON.stringify(condition)}`);
    return condition;
  }, timeout);
}
