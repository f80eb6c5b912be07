import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import { untilChanged, untilChangedOr } from '../kubernetes/until-changed.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { Refusal } from './object-facts.ts';
import { renewMs, reportLabel } from './refusal-report.ts';

export interface ReadReportsOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Whose own report is known without. */
  readonly replica: string;
  readonly clock: Clock;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly log: Logger;
  /** Told what the other replicas say, after each look. */
  readonly onRead: (refusals: readonly (readonly Refusal[])[]) => void;
}

const lookEveryMs = 30_000;
const pauseMs = 1000;
/** A report that is not renewed for so long is of a replica that is gone. */
const staleMs = 2.5 * renewMs;

interface Report {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data?: { readonly replica?: string; readonly refusals?: string };
}

/** Follows what the other replicas report, while the term lasts; reports of replicas that are gone are removed. */
export async function readReports(options: ReadReportsOptions, term: LeaderTerm): Promise<void> {
  const { client, namespace, replica, clock, monotonic, log, onRead } = options;
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const labelSelector = `${reportLabel}=true`;
  const seen = new Map<string, { readonly version: string; readonly atMs: number }>();
  const isStale = ({ metadata }: Report): boolean => {
    const known = seen.get(metadata.name);
    if (known?.version === metadata.resourceVersion) return monotonic() - known.atMs > staleMs;
    seen.set(metadata.name, { version: metadata.resourceVersion, atMs: monotonic() });
    return false;
  };
  while (!term.signal.aborted) {
    let resourceVersion: string | undefined;
    try {
      const list = await client.request({ method: 'GET', path, query: { labelSelector }, signal: term.signal });
      const { items, metadata } = list as { readonly items: readonly Report[]; readonly metadata: { readonly resourceVersion: string } };
      resourceVersion = metadata.resourceVersion;
      const others = items.filter(({ data }) => data?.replica !== replica);
      const stale = others.filter(isStale);
      onRead(others.filter((report) => !stale.includes(report)).map(readRefusals));
      for (const { metadata: gone } of stale)
        if (term.isCurrent()) await client.request({ method: 'DELETE', path: `${path}/${gone.name}` });
    } catch (error) {
      if (!term.signal.aborted) log.warn({ error: String(error) }, 'reports of other replicas could not be read; it is tried again');
    }
    const version = resourceVersion;
    const watch = (signal: AbortSignal) =>
      version === undefined
        ? Promise.reject(new Error('not read'))
        : untilChanged(client, { path, resourceVersion: version, labelSelector }, signal);
    await untilChangedOr(lookEveryMs, watch, { clock, signal: term.signal });
    await delay(clock, pauseMs, term.signal);
  }
  onRead([]);
}

/** Written by one of ours; of another version perhaps. */
function readRefusals({ data }: Report): readonly Refusal[] {
  try {
    const refusals: unknown = JSON.parse(data?.refusals ?? '[]');
    return Array.isArray(refusals) ? (refusals as readonly Refusal[]).filter((refusal) => Array.isArray(refusal.suspects)) : [];
  } catch {
    return [];
  }
}
