import { type Clock, delay } from '../../lib/clock.ts';
import type { KubeClient } from '../kube-client.ts';
import type { KubeResource } from './kube-resource.ts';
import { ListWatch, type ListWatchOptions } from './list-watch.ts';
import type { ListWatchStatus } from './list-watch-status.ts';
import type { RequestGate } from './request-gate.ts';
import { retryDelayMs, sortFailure } from './retry-policy.ts';
import { fixedPlace, type ServedPlace } from './served-place.ts';
import { readServedVersions, type ServedVersions } from './served-versions.ts';

/** A custom kind that somebody wants to read. */
export interface WantedKind {
  readonly kind: string;
  readonly group: string;
  readonly plural: string;
  /** Best first. */
  readonly versions: readonly string[];
}

export interface ApiDiscoveryOptions extends Pick<ListWatchOptions<unknown>, 'idleMs'> {
  readonly client: KubeClient;
  readonly gate: RequestGate;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wanted: readonly WantedKind[];
  readonly onState?: (status: ListWatchStatus) => void;
}

/** A CRD is there some time before the server serves it: after a change it is asked so often, in milliseconds. */
const looks = [100, 400, 1_000, 2_000, 4_000, 8_000];
/** Where CRDs may not be watched, the server is asked so often what it serves. */
const pollMs = 8_000;
/** A kind that is installed and not served after so long does not keep the mesh from starting. */
const patienceMs = 10_000;
/** Without CRDs to look at, a kind is gone when so many answers in a row lack it. */
const certainAfter = 2;

const definitions: KubeResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  isMetadataOnly: true,
};

/**
 * Which custom kinds an API server serves, and in which version. It watches the names of the CRDs and asks the server what it
 * serves when they change; a version is kept for as long as it is served. A kind is absent when its CRD is not there: an
 * answer alone that lacks it, as servers give while they start, is not believed.
 */
export class ApiDiscovery {
  private readonly options: ApiDiscoveryOptions;
  private readonly groups: ReadonlySet<string>;
  private readonly definitions: ListWatch<true>;
  private readonly names = new Set<string>();
  private readonly chosen = new Map<string, string>();
  private readonly missed = new Map<string, number>();
  private readonly wakers = new Set<() => void>();
  private served: ServedVersions | undefined;
  private startedAt: number | undefined;
  private looksDone = 0;
  private wake = new AbortController();

  constructor(options: ApiDiscoveryOptions) {
    this.options = options;
    this.groups = new Set(options.wanted.map(({ group }) => group));
    this.definitions = new ListWatch<true>({
      ...options,
      place: fixedPlace(definitions),
      convert: () => true,
      onChanges: (changes) => {
        for (const { key, value } of changes) {
          if (value === undefined) this.names.delete(key.slice(1));
          else this.names.add(key.slice(1));
        }
        if (changes.some(({ key }) => this.isOurs(key))) this.lookSoon();
        this.tell();
      },
    });
  }

  /** Runs until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.startedAt = this.options.clock.now();
    await Promise.all([this.definitions.run(signal), this.keepLooking(signal)]);
  }

  status(): ListWatchStatus {
    return this.definitions.status();
  }

  placeOf(wanted: WantedKind): ServedPlace {
    return {
      kind: wanted.kind,
      current: () => this.find(wanted),
      changed: (signal) => this.changed(signal),
      isMissing: () => this.lookSoon(),
    };
  }

  private find(wanted: WantedKind): KubeResource | 'absent' | 'pending' {
    const { kind, group, plural } = wanted;
    const name = `${plural}.${group}`;
    const version = this.chosen.get(name);
    const served = this.served?.get(`${group}/${plural}`) ?? [];
    if (version !== undefined && served.includes(version)) return { group, version, plural, kind };
    const wasServed = version !== undefined;
    if (this.definitions.hasSynced()) {
      if (!this.names.has(name)) return 'absent';
      const waited = this.options.clock.now() - (this.startedAt ?? 0);
      return !wasServed && this.served !== undefined && waited > patienceMs ? 'absent' : 'pending';
    }
    return this.isBlind() && (this.missed.get(name) ?? 0) >= certainAfter ? 'absent' : 'pending';
  }

  /** Whether we may not see CRDs. */
  private isBlind(): boolean {
    const status = this.definitions.status().lastError?.status;
    return !this.definitions.hasSynced() && (status === 401 || status === 403 || status === 404);
  }

  private isOurs(key: string): boolean {
    return this.groups.has(key.slice(key.indexOf('.') + 1));
  }

  private async keepLooking(signal: AbortSignal): Promise<void> {
    const { client, gate, clock, random } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      await gate.open(signal);
      try {
        const done = this.looksDone;
        this.take(await readServedVersions(client, this.groups, signal));
        if (this.looksDone === done) this.looksDone++;
        failures = 0;
        await this.pause(this.isBlind() ? pollMs : looks[this.looksDone - 1], signal);
      } catch (error) {
        gate.heed(error);
        await delay(clock, retryDelayMs(++failures, sortFailure(error).retryAfterMs, random), signal);
      }
    }
  }

  private take(served: ServedVersions): void {
    this.served = served;
    for (const { group, plural, versions } of this.options.wanted) {
      const name = `${plural}.${group}`;
      const there = served.get(`${group}/${plural}`) ?? [];
      const kept = this.chosen.get(name);
      const best = kept !== undefined && there.includes(kept) ? kept : versions.find((version) => there.includes(version));
      if (best !== undefined) this.chosen.set(name, best);
      this.missed.set(name, best === undefined ? (this.missed.get(name) ?? 0) + 1 : 0);
    }
    this.tell();
  }

  private lookSoon(): void {
    this.looksDone = 0;
    this.wake.abort();
  }

  /** Until the next look is due; without a time, until there is a reason for one. */
  private async pause(delayMs: number | undefined, signal: AbortSignal): Promise<void> {
    this.wake = new AbortController();
    const ends = AbortSignal.any([signal, this.wake.signal]);
    if (delayMs !== undefined) await delay(this.options.clock, delayMs, ends);
    else if (!ends.aborted) await new Promise<void>((resolve) => ends.addEventListener('abort', () => resolve(), { once: true }));
  }

  private changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        this.wakers.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.wakers.add(finish);
      signal.addEventListener('abort', finish, { once: true });
    });
  }

  private tell(): void {
    for (const wake of [...this.wakers]) wake();
  }
}
