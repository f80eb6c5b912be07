import { type Clock, delay } from '../../lib/clock.ts';
import { backoffDelayMs } from '../../lib/retry.ts';
import { TokenBucket } from '../../lib/token-bucket.ts';
import { checkChecks, checkNames, emptyService } from './believable.ts';
import type { Answer, ConsulClient } from './consul-client.ts';
import { ConsulFailure } from './consul-failure.ts';
import type { CatalogNames, ConsulCheck } from './consul-payloads.ts';
import type { ConsulConnection } from './consul-settings.ts';
import type { ConsulSink } from './consul-sink.ts';
import { ConsulView } from './consul-view.ts';
import { Contradictions } from './contradictions.ts';
import { type Arrival, followIndex } from './follow-index.ts';
import { InPlaceDetector } from './in-place-detector.ts';
import { ReadQueue } from './read-queue.ts';
import type { ServiceFacts } from './service-facts.ts';
import { ServiceWatches } from './service-watches.ts';

export interface ConsulSessionOptions {
  readonly client: ConsulClient;
  readonly connection: ConsulConnection;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sink: ConsulSink;
  /** Whether the mesh is to see a service of this name. */
  readonly isWanted: (name: string) => boolean;
}

/** Services that are read at once. */
export const readsAtOnce = 32;
const readAttempts = 4;
const readBackoff = { baseMs: 100, maxMs: 1000 };
/** What no watch tells (an address of a node, changes that hid in bursts) is found by then at the latest, if anything has changed at all. */
const refreshMs = 600_000;

/**
 * One unbroken time with Consul: everything is read once, then followed by two watches over all services, reads of those that changed, and
 * some watches of single services. Nothing is remembered from one session to the next, so that whatever went wrong is over with it.
 */
export class ConsulSession {
  private readonly options: ConsulSessionOptions;
  private readonly view: ConsulView;
  private readonly queue: ReadQueue;
  private readonly watches: ServiceWatches;
  private readonly inPlace: InPlaceDetector;
  private readonly end = new AbortController();
  private readonly failure = Promise.withResolvers<void>();
  private readonly contradictions: Contradictions;
  /** Index of each service as it was last read. */
  private readonly readAt = new Map<string, number>();
  private hasStarted = false;
  private hasChangedSinceSweep = false;
  private dirtySince: number | undefined;

  constructor(options: ConsulSessionOptions) {
    const { clock, connection } = options;
    this.options = options;
    this.view = new ConsulView(options.isWanted);
    this.queue = new ReadQueue({
      limit: readsAtOnce,
      read: (name) => this.read(name),
      onRead: (name, wasAskedAgain) => this.afterRead(name, wasAskedAgain),
      onFailure: (error) => this.failure.reject(error),
    });
    this.watches = new ServiceWatches({
      budget: connection.maxWatches,
      follow: (name, signal) => this.followService(name, signal),
      onFailure: (error) => this.failure.reject(error),
    });
    this.contradictions = new Contradictions({
      clock,
      readAgain: (name) => {
        if (!this.view.isConsistent(name)) this.queue.request(name);
      },
      onLasting: (name) => {
        if (this.view.isListed(name) && this.view.isEmpty(name)) this.failure.reject(emptyService(name));
      },
    });
    this.inPlace = new InPlaceDetector({ clock, sweep: () => this.sweep(), onNamed: () => this.queue.dropCalm() });
  }

  /** Resolves once the signal aborts; rejects with the `ConsulFailure` that ended it. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.failure.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const started = this.readAll().then(() => this.follow());
      started.catch((error: unknown) => this.failure.reject(error));
      if (signal.aborted) stop();
      await this.failure.promise;
    } finally {
      signal.removeEventListener('abort', stop);
      this.close();
    }
  }

  private readonly globals: { names: number; checks: number } = { names: 0, checks: 0 };

  /** The lists come before the services: what changes in between wakes the watches, which go on from the lists. */
  private async readAll(): Promise<void> {
    const { client, sink, clock, connection } = this.options;
    const { signal } = this.end;
    const askedAt = clock.now();
    const [names, checks] = await Promise.all([client.names({ signal }), client.checks({ signal })]);
    checkNames(names.body, connection);
    checkChecks(checks.body, connection);
    this.globals.names = names.index;
    this.globals.checks = checks.index;
    this.view.takeNames(names.body);
    this.view.takeChecks(checks.body, checks.index);
    for (const name of this.view.wantedNames()) this.queue.request(name);
    await this.queue.idle();
    if (signal.aborted) return;
    this.hasStarted = true;
    sink.replace(this.view.all(), askedAt);
    this.settleWatches();
  }

  private async follow(): Promise<void> {
    const { client } = this.options;
    const { signal } = this.end;
    if (signal.aborted) return;
    this.scheduleRefresh();
    await Promise.all([
      this.followAll(
        this.globals.names,
        (index) => client.names({ signal, index }),
        (answer, arrival) => this.onNames(answer, arrival),
      ),
      this.followAll(
        this.globals.checks,
        (index) => client.checks({ signal, index }),
        (answer) => this.onChecks(answer),
      ),
    ]);
  }

  private followAll<T>(
    startIndex: number,
    ask: (index: number) => Promise<Answer<T>>,
    onAnswer: (answer: Answer<T>, arrival: Arrival) => void,
  ): Promise<void> {
    return followIndex({ ...this.followed(), startIndex, ask, onAnswer }, this.end.signal);
  }

  private followed() {
    const { clock, random, connection, sink } = this.options;
    const bucket = new TokenBucket(clock, connection.maxRate);
    return { clock, random, bucket, waitMs: connection.waitMs, onAlive: () => sink.alive(), onThrottled: () => this.watches.shrink() };
  }

  private async followService(name: string, signal: AbortSignal): Promise<void> {
    const ask = (index: number) => this.options.client.service(name, { signal, index });
    let startIndex = this.readAt.get(name) ?? 0;
    for (;;) {
      try {
        const onAnswer = (answer: Answer<Parameters<ConsulView['takeService']>[1]>) => {
          this.readAt.set(name, answer.index);
          this.inPlace.explain([answer.index]);
          this.view.takeService(name, answer.body);
          this.afterRead(name, false);
        };
        await followIndex({ ...this.followed(), startIndex, ask, onAnswer }, signal);
        return;
      } catch (error) {
        // A service that came back counts from another index than the one that went.
        if (!(error instanceof ConsulFailure) || error.kind !== 'rewound') throw error;
        startIndex = 0;
      }
    }
  }

  private onNames(answer: Answer<CatalogNames>, arrival: Arrival): void {
    checkNames(answer.body, this.options.connection);
    this.hasChangedSinceSweep = true;
    const touched = this.view.takeNames(answer.body);
    this.inPlace.onWake(answer.index, arrival, touched.size > 0);
    const gone = [...touched].filter((name) => !this.view.isListed(name));
    for (const name of gone) this.queue.drop(name);
    this.tell(new Map(gone.map((name) => [name, undefined])));
    this.settle(new Set([...touched].filter((name) => this.view.isListed(name))));
  }

  private onChecks(answer: Answer<readonly ConsulCheck[]>): void {
    checkChecks(answer.body, this.options.connection);
    const { services, indexes } = this.view.takeChecks(answer.body, answer.index);
    this.inPlace.explainByChecks(indexes);
    this.settle(services);
  }

  /** Reads what is not known well enough, and tells the rest. */
  private settle(touched: ReadonlySet<string>): void {
    const changed = new Map<string, ServiceFacts | undefined>();
    for (const name of touched) {
      if (this.queue.isReading(name) || this.isDoubtful(name)) this.queue.request(name);
      else changed.set(name, this.view.factsOf(name));
    }
    this.notePending();
    this.tell(changed);
  }

  private isDoubtful(name: string): boolean {
    return !this.view.isConsistent(name) || this.view.hasOtherTags(name);
  }

  private async read(name: string): Promise<void> {
    const { client, clock, random } = this.options;
    const { signal } = this.end;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await client.service(name, { signal, fresh: attempt > 1 || this.contradictions.has(name) });
        const newest = this.view.takeService(name, answer.body);
        this.readAt.set(name, answer.index);
        if (newest > 0 && this.hasStarted) this.inPlace.explain([newest]);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const kind = error instanceof ConsulFailure ? error.kind : undefined;
        if (kind === 'throttled') this.watches.shrink();
        const canPass = kind === 'throttled' || kind === 'broken' || kind === 'unreachable';
        if (!canPass || attempt >= readAttempts) throw error;
        await delay(clock, backoffDelayMs(readBackoff, attempt, random), signal);
      }
    }
  }

  private afterRead(name: string, wasAskedAgain: boolean): void {
    if (!this.hasStarted) return;
    if (wasAskedAgain && this.isDoubtful(name)) this.queue.request(name);
    this.contradictions.note(name, this.view.isConsistent(name));
    this.notePending();
    // Whichever of the sources lags behind: an empty answer about a service that is listed is not believed, nor instances of one that is gone.
    const isDoubted = this.view.isListed(name) ? this.view.isEmpty(name) : !this.view.isEmpty(name) && !this.view.hasChecks(name);
    if (!isDoubted) this.tell(new Map([[name, this.view.factsOf(name)]]));
  }

  private sweep(): void {
    this.hasChangedSinceSweep = false;
    this.queue.requestCalmly(this.view.wantedNames().filter((name) => !this.watches.isWatched(name)));
  }

  private scheduleRefresh(): void {
    const { clock } = this.options;
    const cancel = clock.setTimeout(
      () => {
        if (this.hasChangedSinceSweep) this.sweep();
        this.scheduleRefresh();
      },
      refreshMs,
      { unref: true },
    );
    this.end.signal.addEventListener('abort', cancel, { once: true });
  }

  private tell(changed: ReadonlyMap<string, ServiceFacts | undefined>): void {
    if (changed.size === 0) return;
    this.options.sink.change(changed);
    if ([...changed.keys()].some((name) => this.view.hasUnchecked(name) !== this.watches.isWatched(name))) this.settleWatches();
  }

  private settleWatches(): void {
    this.watches.set(this.view.wantedNames().filter((name) => this.view.hasUnchecked(name)));
  }

  private notePending(): void {
    const { clock, sink } = this.options;
    this.dirtySince = !this.queue.isBehind ? undefined : (this.dirtySince ?? clock.now());
    sink.pendingSince(this.dirtySince);
  }

  private close(): void {
    this.end.abort();
    this.queue.close();
    this.watches.stop();
    this.inPlace.stop();
    this.contradictions.stop();
  }
}
