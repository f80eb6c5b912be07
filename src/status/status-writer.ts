import { sameContent } from '../config/same-content.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { backoffDelayMs } from '../lib/retry.ts';
import { TokenBucket } from '../lib/token-bucket.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';

export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly term: LeaderTerm;
  /** Where the API server has an object; undefined where its status is not ours to write. */
  readonly pathOf: (ref: ObjectRef) => string | undefined;
  /** The fields that its status should have, asked when it is written, so that the latest counts; none where there is nothing to say. */
  readonly next: (ref: ObjectRef, current: object, generation: number) => object;
  /** By the object's label `istio.io/rev`, empty where it has none: others write to theirs. */
  readonly isMine: (revision: string) => boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly onWritten: (outcome: 'written' | 'failed') => void;
}

/** Of requests to the API server, one object after the other: two of them where there is something to write. */
const perSecond = 10;
const burst = 20;
const backoff = { baseMs: 500, maxMs: 60_000 };
const maxConflicts = 5;
/** Nobody may write the statuses of a kind: asked again after so long. */
const forbiddenMs = 300_000;

interface StoredObject {
  readonly metadata: { readonly resourceVersion: string; readonly generation?: number; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: object;
}

/**
 * Writes what there is to say about objects into their statuses, while its term lasts. It reads each object first, and writes only what is
 * different, for the version that it has read: a status that others keep, or that the API server prunes, is not fought over.
 */
export class StatusWriter {
  private readonly options: StatusWriterOptions;
  private readonly bucket: TokenBucket;
  private readonly waiting = new Map<string, ObjectRef>();
  private readonly failures = new Map<string, number>();
  private readonly forbidden = new Map<string, number>();
  /** What was wanted and what came of it: the API server may keep less than it is given. */
  private readonly written = new Map<string, { readonly wanted: object; readonly kept: object }>();
  private wake: () => void = () => {};

  constructor(options: StatusWriterOptions) {
    this.options = options;
    this.bucket = new TokenBucket(options.clock, perSecond, burst);
  }

  /** Something about the object may have changed. */
  look(ref: ObjectRef): void {
    this.waiting.set(formatRef(ref), ref);
    this.wake();
  }

  /** Until the end of the term. */
  async run(): Promise<void> {
    const { signal } = this.options.term;
    signal.addEventListener('abort', () => this.wake(), { once: true });
    while (!signal.aborted) {
      const [first] = this.waiting;
      if (first === undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      const [key, ref] = first;
      this.waiting.delete(key);
      await this.bucket.take(signal);
      if (!signal.aborted) await this.attempt(key, ref);
    }
  }

  private async attempt(key: string, ref: ObjectRef): Promise<void> {
    const { clock, log, onWritten } = this.options;
    if ((this.forbidden.get(ref.kind) ?? 0) > clock.now()) {
      this.retryIn(forbiddenMs, ref);
      return;
    }
    try {
      await this.write(key, ref);
      this.failures.delete(key);
    } catch (error) {
      if (this.options.term.signal.aborted) return;
      onWritten('failed');
      const status = error instanceof KubeApiError ? error.status : 0;
      if (status === 404) this.forget(key);
      else if (status === 403) {
        log.warn(
          { kind: ref.kind, error: String(error) },
          'statuses of this kind may not be written; the role of the control plane lacks it',
        );
        this.forbidden.set(ref.kind, clock.now() + forbiddenMs);
        this.retryIn(forbiddenMs, ref);
      } else this.retry(key, ref, error);
    }
  }

  private async write(key: string, ref: ObjectRef): Promise<void> {
    const { client, term, pathOf, next, isMine, onWritten } = this.options;
    const path = pathOf(ref);
    if (path === undefined) return;
    const { metadata, status = {} } = (await client.request({ method: 'GET', path, signal: term.signal })) as StoredObject;
    if (!isMine(metadata.labels?.['istio.io/rev'] ?? '')) return;
    const wanted = next(ref, status, metadata.generation ?? 0);
    if (isContained(wanted, status)) return;
    const before = this.written.get(key);
    if (before && sameContent(before.kept, status) && isContained(wanted, before.wanted)) return;
    if (!term.isCurrent()) return;
    const answer = (await client.request({
      method: 'PATCH',
      path: `${path}/status`,
      query: { fieldManager: 'coxswain-status' },
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion: metadata.resourceVersion }, status: wanted },
      signal: term.signal,
      timeoutMs: term.timeLeftMs(),
    })) as StoredObject;
    this.written.set(key, { wanted, kept: answer.status ?? {} });
    onWritten('written');
  }

  private forget(key: string): void {
    this.failures.delete(key);
    this.written.delete(key);
  }

  /** Whoever keeps changing the object gives us another occasion. */
  private retry(key: string, ref: ObjectRef, error: unknown): void {
    const { random, log } = this.options;
    const failures = (this.failures.get(key) ?? 0) + 1;
    this.failures.set(key, failures);
    const isConflict = error instanceof KubeApiError && error.status === 409;
    if (isConflict && failures > maxConflicts) {
      this.forget(key);
      return;
    }
    log.debug({ object: key, error: String(error) }, 'the status could not be written; it is tried again');
    const askedMs = error instanceof KubeApiError ? (error.retryAfterMs ?? 0) : 0;
    this.retryIn(askedMs + backoffDelayMs(backoff, failures, random), ref);
  }

  private retryIn(delayMs: number, ref: ObjectRef): void {
    this.options.clock.setTimeout(() => this.look(ref), delayMs, { unref: true });
  }
}

/** Whether every field that is wanted is there with that content; when it came to be does not count. */
function isContained(wanted: object, there: object): boolean {
  return Object.entries(wanted).every(([field, value]) =>
    sameContent(timeless(value), timeless((there as Record<string, unknown>)[field])),
  );
}

function timeless(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return (value as readonly unknown[]).map((item) =>
    typeof item === 'object' && item !== null && 'lastTransitionTime' in item ? { ...item, lastTransitionTime: undefined } : item,
  );
}
