import { type Clock, delay } from '../../lib/clock.ts';
import { KubeApiError } from '../kube-api-error.ts';
import type { KubeClient } from '../kube-client.ts';
import { HeldVersions } from './held-versions.ts';
import { IdleGuard } from './idle-guard.ts';
import { type KubeObject, kubeKey, withoutBookkeeping, writtenAt } from './kube-object.ts';
import { acceptOfWatch, type KubeResource, resourceApiVersion, resourcePath, selectorsOf } from './kube-resource.ts';
import { listPages } from './list-pages.ts';
import type { ListWatchStatus } from './list-watch-status.ts';
import type { RequestGate } from './request-gate.ts';
import { isOlder } from './resource-version.ts';
import { retryDelayMs, sortFailure, UnusableAnswerError } from './retry-policy.ts';
import type { ServedPlace } from './served-place.ts';
import { splitLines } from './split-lines.ts';
import { parseWatchEvent } from './watch-event.ts';

/** An object by `namespace/name`; undefined where it is gone. */
export interface KubeChange<T> {
  readonly key: string;
  readonly value: T | undefined;
}

export interface ListWatchOptions<T> {
  readonly client: KubeClient;
  /** Where the server has the kind, as far as that can change. */
  readonly place: ServedPlace;
  /** Keeps what is read of an object, which is without its managedFields; called before the next object is looked at. */
  readonly convert: (object: KubeObject) => T;
  /** Told of everything that changed at a time; also of nothing, when everything was read for the first time. */
  readonly onChanges: (changes: readonly KubeChange<T>[]) => void;
  /** Told when a watch has begun, and when something failed. */
  readonly onState?: (status: ListWatchStatus) => void;
  readonly gate: RequestGate;
  readonly clock: Clock;
  readonly random: () => number;
  /** Silence after which a watch is taken for dead; the server sends a bookmark about every minute, sometimes not the first. Default 150 s. */
  readonly idleMs?: number;
}

const defaultIdleMs = 150_000;
/** The server ends each watch by itself after 5 to 10 minutes, not all at the same time. */
const watchSeconds = { least: 300, spread: 300 };
/** A watch that lived so long was a good one. */
const livedMs = 5_000;
/** Watches that fail in a row before everything is read again. */
const patience = 3;
/** A list that lacks more than half of so many objects is remarkable. */
const remarkableCount = 10;

/**
 * The objects of one kind, kept equal to the API server's: one complete list, then a watch that is resumed where it ended. A
 * list is read again only where the server has forgotten the place (410) or watches keep failing, and never goes back in time;
 * what is missing from it is told as deletions. Until the server answers again everything stays as it was.
 */
export class ListWatch<T> {
  private readonly options: ListWatchOptions<T>;
  private readonly held = new HeldVersions();
  private resource: KubeResource | undefined;
  private resourceVersion = '';
  private mustList = true;
  private figures: Omit<ListWatchStatus, 'kind' | 'apiVersion' | 'objects'> = {
    state: 'Pending',
    hasSynced: false,
    lists: 0,
    watches: 0,
    events: 0,
    errors: 0,
    failures: 0,
    shrinks: 0,
    lagMs: 0,
  };

  constructor(options: ListWatchOptions<T>) {
    this.options = options;
  }

  hasSynced(): boolean {
    return this.figures.hasSynced;
  }

  status(): ListWatchStatus {
    const apiVersion = this.resource ? resourceApiVersion(this.resource) : '';
    return { ...this.figures, kind: this.options.place.kind, apiVersion, objects: this.held.size };
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!this.findPlace()) {
        await this.options.place.changed(signal);
        continue;
      }
      try {
        await this.options.gate.open(signal);
        if (this.mustList && !signal.aborted) await this.list(signal);
        if (!signal.aborted) await this.watch(signal);
      } catch (error) {
        if (!signal.aborted) await this.recover(error, signal);
      }
    }
  }

  /** Whether there is something to read, and where. */
  private findPlace(): boolean {
    const place = this.options.place.current();
    if (typeof place === 'object') {
      if (this.resource?.version !== place.version) this.mustList = true;
      this.resource = place;
      return true;
    }
    this.set({ state: place === 'absent' ? 'Absent' : 'Pending', failures: 0, lastError: undefined, lagMs: 0 });
    if (place === 'absent') this.forget();
    return false;
  }

  /** The kind is gone from the server, and its objects with it. */
  private forget(): void {
    this.resource = undefined;
    this.mustList = true;
    this.resourceVersion = '';
    const gone = this.held.replace(new Map());
    if (gone.length > 0 || !this.figures.hasSynced) this.tell(gone.map((key) => ({ key, value: undefined })));
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { client, convert, gate } = this.options;
    const resource = this.resource!;
    this.set({ state: 'Listing', lists: this.figures.lists + 1 });
    const notOlderThan = this.resourceVersion;
    const isKnown = (key: string, version: string) => this.held.has(key, version);
    const kept = (object: KubeObject) => convert(withoutBookkeeping(object));
    const listed = await gate.list(() => listPages({ client, resource, notOlderThan, isKnown, convert: kept, signal }));
    if (isOlder(listed.resourceVersion, notOlderThan))
      throw new UnusableAnswerError(
        `${resourcePath(resource)}: the list is of ${listed.resourceVersion}, older than ${notOlderThan}; it is not believed`,
      );
    const before = this.held.size;
    const gone = this.held.replace(listed.versions);
    if (before >= remarkableCount && gone.length > before / 2) this.set({ shrinks: this.figures.shrinks + 1 });
    this.resourceVersion = listed.resourceVersion;
    this.mustList = false;
    this.set({ heardAt: this.options.clock.now(), lagMs: 0 });
    const changes: KubeChange<T>[] = gone.map((key) => ({ key, value: undefined }));
    for (const [key, value] of listed.values) changes.push({ key, value });
    if (changes.length > 0 || !this.figures.hasSynced) this.tell(changes);
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const { client, clock, random, idleMs = defaultIdleMs } = this.options;
    const resource = this.resource!;
    const seconds = watchSeconds.least + Math.floor(random() * watchSeconds.spread);
    const query = {
      ...selectorsOf(resource),
      watch: '1',
      resourceVersion: this.resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(seconds),
    };
    let openedAt = Number.POSITIVE_INFINITY;
    const eventsBefore = this.figures.events;
    const guard = new IdleGuard(clock, idleMs);
    const ends = AbortSignal.any([signal, guard.signal]);
    let wasGood = false;
    try {
      const stream = await client.stream({ method: 'GET', path: resourcePath(resource), query, signal: ends, ...acceptOfWatch(resource) });
      openedAt = clock.now();
      this.set({ state: 'Watching', watches: this.figures.watches + 1, lastError: undefined });
      this.options.onState?.(this.status());
      for await (const lines of splitLines(stream)) {
        guard.heard();
        this.hear(lines);
        if (ends.aborted) break;
      }
    } finally {
      guard.close();
      wasGood = clock.now() - openedAt >= livedMs || this.figures.events > eventsBefore;
      if (wasGood) this.set({ failures: 0 });
    }
    if (guard.signal.aborted)
      throw new Error(`${resourcePath(resource)}: nothing was heard for ${idleMs / 1000} s; the watch is begun anew`);
    if (!wasGood && !signal.aborted) throw new UnusableAnswerError(`${resourcePath(resource)}: the watch ended as soon as it had begun`);
  }

  /** Everything that came at a time; what came before a line that is an error counts. */
  private hear(lines: readonly string[]): void {
    const { clock, convert } = this.options;
    const changes = new Map<string, T | undefined>();
    let lagMs = this.figures.lagMs;
    let events = 0;
    try {
      for (const line of lines) {
        const event = parseWatchEvent(line);
        events++;
        if (event === undefined) continue;
        if (event.type === 'bookmark') {
          this.reach(event.resourceVersion);
          lagMs = 0;
          continue;
        }
        const { object } = event;
        const key = kubeKey(object);
        const version = object.metadata.resourceVersion ?? '';
        lagMs = Math.max(0, clock.now() - (writtenAt(object) ?? clock.now()));
        if (!isOlder(version, this.resourceVersion)) this.resourceVersion = version || this.resourceVersion;
        if (event.type === 'delete' && this.held.remove(key, version)) changes.set(key, undefined);
        if (event.type === 'put' && this.held.accept(key, version)) changes.set(key, convert(withoutBookkeeping(object)));
      }
    } finally {
      const wasGood = events > 0 ? { failures: 0 } : {};
      this.set({ heardAt: clock.now(), lagMs, events: this.figures.events + events, ...wasGood });
      if (changes.size > 0) this.tell([...changes].map(([key, value]) => ({ key, value })));
    }
  }

  /** A bookmark that is older than what was heard: the server was set back, and what it holds must be read anew. */
  private reach(version: string): void {
    if (version === '') return;
    if (!isOlder(version, this.resourceVersion)) {
      this.resourceVersion = version;
      return;
    }
    throw new KubeApiError(`the server is at ${version} after it was at ${this.resourceVersion}`, { status: 410, reason: 'Expired' });
  }

  private async recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { gate, clock, random, place, onState } = this.options;
    const failure = sortFailure(error);
    const { message, status } = failure;
    const failures = this.figures.failures + 1;
    this.set({ state: 'Waiting', failures, errors: this.figures.errors + 1, lastError: { message, status, at: clock.now() } });
    gate.heed(error);
    if (failure.kind === 'expired') {
      this.mustList = true;
      this.resourceVersion = '';
      if (failures === 1) return;
    } else if (failure.kind === 'not-served') place.isMissing();
    else if (failure.kind === 'unusable' && failures >= patience) this.mustList = true;
    onState?.(this.status());
    await delay(clock, retryDelayMs(failures, failure.retryAfterMs, random), signal);
  }

  private tell(changes: readonly KubeChange<T>[]): void {
    this.set({ hasSynced: true });
    this.options.onChanges(changes);
  }

  private set(figures: { [K in keyof typeof this.figures]?: (typeof this.figures)[K] | undefined }): void {
    const { lastError, ...rest } = { ...this.figures, ...figures };
    this.figures = { ...rest, ...(lastError ? { lastError } : {}) } as typeof this.figures;
  }
}
