import type { KubeClient } from './kube-client.ts';

export interface ChangeWatch {
  /** Of the collection. */
  readonly path: string;
  /** What was read at that version is known. */
  readonly resourceVersion: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

/**
 * Resolves with the first change of what is watched, whatever it is, or when the API server says no more; rejects where it may not or cannot
 * be watched. For the few objects that are read again as a whole; tables of many are kept by a list-watch.
 */
export async function untilChanged(client: KubeClient, watch: ChangeWatch, signal: AbortSignal): Promise<void> {
  const { path, ...selection } = watch;
  const query = { watch: 'true', timeoutSeconds: '300', ...selection };
  for await (const _ of await client.stream({ method: 'GET', path, query, signal })) return;
}
