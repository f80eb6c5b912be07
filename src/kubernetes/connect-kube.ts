import type { KubeTarget } from './kube-access.ts';
import type { KubeClient } from './kube-client.ts';

/**
 * A client of a cluster; nothing is sent yet. Rejects with an error in one sentence where the configuration cannot be used.
 * What it takes to understand a kubeconfig is loaded here, because most processes never need it.
 */
export async function connectKube(target: KubeTarget): Promise<KubeClient> {
  const [{ clientNodeAccess }, { HttpKubeClient }] = await Promise.all([
    import('./client-node-access.ts'),
    import('./http-kube-client.ts'),
  ]);
  return new HttpKubeClient(clientNodeAccess(target));
}
