import { type Clock, delay } from '../lib/clock.ts';
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

/** As `untilChanged`, but no longer than `waitMs`, and for just as long where nothing can be watched. Never rejects. */
export async function untilChangedOr(
  waitMs: number,
  watch: (signal: AbortSignal) => Promise<void>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const end = new AbortController();
  const stop = () => end.abort();
  signal.addEventListener('abort', stop, { once: true });
  const watched = watch(end.signal).then(stop, () => undefined);
  await delay(clock, signal.aborted ? 0 : waitMs, end.signal);
  signal.removeEventListener('abort', stop);
  stop();
  await watched;
}
