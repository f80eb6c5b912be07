import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { backoffDelayMs } from '../lib/retry.ts';
import { KubeApiError } from './kube-api-error.ts';
import { type LeaderTerm, LeaseTerm, type LeaseTimes } from './leader-term.ts';
import { type LeaseRecord, microTime, type StoredLease } from './lease-record.ts';
import type { LeaseStore } from './lease-store.ts';
import { untilChangedOr } from './until-changed.ts';

export interface LeaderElectionOptions {
  readonly store: LeaseStore;
  /** Unique among all processes that ever stand for it. */
  readonly identity: string;
  /** Written beside the identity: the revision. */
  readonly key: string;
  /** Whether this replica comes before a holder of that key, which is then asked to let go. Never, where unset. */
  readonly isBefore?: (holderKey: string) => boolean | Promise<boolean>;
  readonly times: LeaseTimes;
  readonly clock: Clock;
  /** Milliseconds that never go back and go on while the process is stopped: `performance.now`. */
  readonly monotonic: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  /** What only the leader does; ends soon after its term does. */
  readonly lead: (term: LeaderTerm) => Promise<void>;
  readonly onLeading?: (isLeading: boolean) => void;
}

/** How much later than due a candidate looks, at most: so that candidates do not look together. */
const jitter = 0.2;
/** Between two looks, however often the lease changes or a watch ends; candidates do not look together either way. */
const pauseMs = 250;
const renewBackoff = { baseMs: 500, maxMs: 2000 };

/**
 * Elects one leader among replicas by a Lease, as client-go does it and with istiod's times; what it promises is in
 * `docs/decisions`: nobody begins a write that could still be on its way when another one leads.
 */
export class LeaderElection {
  private readonly options: LeaderElectionOptions;
  /** What the lease said last, and when that was first seen: its time counts from there. */
  private seen: Seen | undefined;

  constructor(options: LeaderElectionOptions) {
    this.options = options;
  }

  /** Stands for election, leads and stands again until the signal; lets go of the lease then. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, random, times, store } = this.options;
    for (let failures = 0; !signal.aborted; ) {
      let waitMs = times.retryMs * (1 + jitter * random());
      try {
        const taken = await this.tryToTake();
        failures = 0;
        if (taken) {
          await this.serveTerm(taken, signal);
          continue;
        }
        if (this.seen) {
          await this.untilChanged(this.seen, waitMs, signal);
          waitMs = pauseMs * (1 + random());
        }
      } catch (error) {
        waitMs = Math.min(waitMs, retryAfter(error) + backoffDelayMs({ baseMs: 1000, maxMs: times.retryMs }, ++failures, random));
        log.warn({ lease: store.name, error: String(error) }, 'the lease cannot be read or taken; it is tried again');
      }
      await delay(clock, waitMs, signal);
    }
  }

  private async tryToTake(): Promise<Taken | undefined> {
    const { store, identity, times, monotonic } = this.options;
    const stored = await store.get(times.renewDeadlineMs);
    if (stored && this.isHeldByOther(stored)) {
      await this.askFor(stored);
      return undefined;
    }
    const sentMs = monotonic();
    const isOwn = stored?.record.holder === identity;
    const written = await store.put(this.ownRecord(stored?.record, isOwn), stored, times.renewDeadlineMs);
    return written && { stored: written, sentMs };
  }

  /** By our own clock since we saw the last renewal: clocks of others are not to be relied on. */
  private isHeldByOther({ record, resourceVersion }: StoredLease): boolean {
    const { identity, monotonic } = this.options;
    if (record.holder === '' || record.holder === identity) return false;
    const mark = `${record.holder} ${record.renewTime} ${record.transitions}`;
    const atMs = this.seen?.mark === mark ? this.seen.atMs : monotonic();
    this.seen = { mark, atMs, endsAtMs: atMs + record.durationMs, resourceVersion };
    return monotonic() < this.seen.endsAtMs;
  }

  /** Until the lease says something else, runs out, or `waitMs` are over: the watch tells at once what only a look would tell later. */
  private async untilChanged({ endsAtMs, resourceVersion }: Seen, waitMs: number, signal: AbortSignal): Promise<void> {
    const { clock, store, monotonic } = this.options;
    const leftMs = Math.min(waitMs, Math.max(0, endsAtMs - monotonic()));
    // Who may not watch looks as often as istiod does.
    await untilChangedOr(leftMs, (until) => store.changed(resourceVersion, until), { clock, signal });
  }

  /** The holder is not robbed: two would lead until it noticed. It sees the wish when it renews. */
  private async askFor(stored: StoredLease): Promise<void> {
    const { store, identity, isBefore, times, log } = this.options;
    const { holder, holderKey, wantedBy } = stored.record;
    if (wantedBy === identity || !(await isBefore?.(holderKey))) return;
    log.info({ lease: store.name, holder, holderKey }, 'asks the holder of the lease to let go: its revision comes later');
    await store.put({ ...stored.record, wantedBy: identity }, stored, times.renewDeadlineMs);
  }

  private async serveTerm(taken: Taken, signal: AbortSignal): Promise<void> {
    const { times, monotonic, clock, lead, log, store, onLeading } = this.options;
    const term = new LeaseTerm(times, monotonic, taken.sentMs);
    const end = () => term.end();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    log.info({ lease: store.name }, 'leads');
    onLeading?.(true);
    const work = lead(term).catch((error: unknown) =>
      log.error({ lease: store.name, error: String(error) }, 'what the leader does failed'),
    );
    const last = await this.keep(term, taken.stored);
    signal.removeEventListener('abort', end);
    onLeading?.(false);
    log.info({ lease: store.name }, 'leads no longer');
    await work;
    if (last) await this.release(last.stored);
    // Whoever asked for the lease takes it now; without a pause we might be first again.
    if (last?.isWanted) await delay(clock, 2 * times.retryMs, signal);
  }

  /** Renews until the term is over; returns the lease where it is ours to let go. */
  private async keep(term: LeaseTerm, first: StoredLease): Promise<Held | undefined> {
    const { clock, times, random, log, store, identity } = this.options;
    let stored = first;
    let waitMs = times.retryMs;
    for (let failures = 0; ; ) {
      await delay(clock, Math.min(waitMs, Math.max(0, term.deadlineInMs())), term.signal);
      if (term.signal.aborted) return { stored, isWanted: false };
      if (!term.isCurrent()) {
        log.warn({ lease: store.name }, 'the lease could not be renewed in time');
        term.end();
        return undefined;
      }
      try {
        const renewed = await this.renew(term, stored);
        if (renewed === undefined || renewed.record.wantedBy !== '') term.end();
        if (renewed === undefined) return undefined;
        stored = renewed;
        if (renewed.record.wantedBy !== '') return { stored, isWanted: true };
        failures = 0;
        waitMs = times.retryMs;
      } catch (error) {
        waitMs = Math.min(times.retryMs, retryAfter(error) + backoffDelayMs(renewBackoff, ++failures, random));
        log.warn({ lease: store.name, identity, error: String(error) }, 'the lease cannot be renewed; it is tried again');
      }
    }
  }

  /** Undefined where the lease is somebody else's. One request as a rule: only a Conflict makes us read. */
  private async renew(term: LeaseTerm, stored: StoredLease): Promise<StoredLease | undefined> {
    const { store, identity, monotonic } = this.options;
    const timeoutMs = () => Math.max(1, term.deadlineInMs());
    let sentMs = monotonic();
    const written = await store.put(this.ownRecord(stored.record, true), stored, timeoutMs());
    if (written) {
      term.renewed(sentMs);
      return written;
    }
    const current = await store.get(timeoutMs());
    if (current && current.record.holder !== identity) return undefined;
    sentMs = monotonic();
    const again = await store.put(this.ownRecord(current?.record ?? stored.record, true), current, timeoutMs());
    if (again === undefined) throw new Error('somebody else keeps changing the lease');
    term.renewed(sentMs);
    return again;
  }

  private async release(stored: StoredLease): Promise<void> {
    const { store, clock, log } = this.options;
    const now = microTime(clock.now());
    const record: LeaseRecord = { ...stored.record, holder: '', holderKey: '', durationMs: 1000, renewTime: now, acquireTime: now };
    try {
      await store.put(record, stored, 2000);
    } catch (error) {
      log.info({ lease: store.name, error: String(error) }, 'the lease is not let go of, and will run out');
    }
  }

  /** `wantedBy` survives a renewal, so that the holder gets to see it; whoever takes the lease has had the wish granted. */
  private ownRecord(before: LeaseRecord | undefined, isOwn: boolean): LeaseRecord {
    const { identity, key, times, clock } = this.options;
    const now = microTime(clock.now());
    return {
      holder: identity,
      holderKey: key,
      wantedBy: isOwn ? (before?.wantedBy ?? '') : '',
      durationMs: times.durationMs,
      acquireTime: isOwn ? (before?.acquireTime ?? now) : now,
      renewTime: now,
      transitions: before === undefined ? 0 : before.transitions + (isOwn ? 0 : 1),
    };
  }
}

/** A lease that was just taken, and when the request for it was sent. */
interface Taken {
  readonly stored: StoredLease;
  readonly sentMs: number;
}

/** A lease that somebody else holds. */
interface Seen {
  readonly mark: string;
  readonly atMs: number;
  readonly endsAtMs: number;
  readonly resourceVersion: string;
}

interface Held {
  readonly stored: StoredLease;
  /** Another replica asked for it. */
  readonly isWanted: boolean;
}

function retryAfter(error: unknown): number {
  return error instanceof KubeApiError ? (error.retryAfterMs ?? 0) : 0;
}
