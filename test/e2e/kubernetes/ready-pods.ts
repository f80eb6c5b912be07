import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

const contentType = 'application/merge-patch+json';
const body = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };
const lookEveryMs = 100;

/** Says of every pod that it runs, as nodes would: for suites that look at what is installed, not at what it does. */
export function pretendPodsRun(cluster: KubeCluster): { stop(): Promise<void> } {
  const end = new AbortController();
  const running = keepPretending(cluster, end.signal);
  return {
    async stop() {
      end.abort();
      await running;
    },
  };
}

async function keepPretending(cluster: KubeCluster, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // an API server that is busy is asked again
    const { items } = await cluster.http.json<PodList>('/api/v1/pods').catch(() => ({ items: [] }));
    const pending = items.filter(({ status }) => !status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
    for (const { metadata } of pending) {
      await cluster.http
        .call(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`, {
          method: 'PATCH',
          contentType,
          body,
        })
        .catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
