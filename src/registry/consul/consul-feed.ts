import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { compareText } from '../../model/config-object.ts';
import { instanceDiff, MassDeletionGuard, withoutRemovals } from '../mass-deletion-guard.ts';
import { OutageGrace } from '../outage-grace.ts';
import type { ConsulFailure } from './consul-failure.ts';
import type { ConsulSettings } from './consul-settings.ts';
import type { ConsulSink } from './consul-sink.ts';
import { ConsulWatcher } from './consul-watcher.ts';
import { type InstanceFacts, instanceKey, type ServiceFacts } from './service-facts.ts';
import { isWantedService } from './wanted-service.ts';

/** What a feed says: all services, or those that changed; undefined where one is gone. */
export type FeedUpdate =
  | { readonly all: ReadonlyMap<string, ServiceFacts> }
  | { readonly changed: ReadonlyMap<string, ServiceFacts | undefined> };

export interface ConsulFeedOptions {
  readonly settings: ConsulSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onUpdate: (update: FeedUpdate) => void;
  readonly onFailure: (failure: ConsulFailure) => void;
  readonly onRecovery: () => void;
  readonly onTrouble: (message: string) => void;
  /** Told when mass deletions are held, with how many instances would go. */
  readonly onHold: (removed: number, known: number) => void;
}

/** Removals within this time count together: a dead node takes its instances with it one service after the other. */
const togetherMs = 5000;

/** The services of one Consul under one configuration, from its first complete answer on: kept through outages, and guarded against mass deletions. */
export class ConsulFeed implements ConsulSink {
  readonly settings: ConsulSettings;
  hasSynced = false;
  isStale = false;
  lastSuccessAt: number | undefined;
  lastError: { readonly message: string; readonly at: number } | undefined;
  /** Failures so far. */
  errors = 0;
  /** Questions so far, answered or not. */
  requests = 0;
  /** Since when a change is known that has not been read yet. */
  behindSince: number | undefined;
  private readonly options: ConsulFeedOptions;
  private readonly watcher: ConsulWatcher;
  private readonly guard = new MassDeletionGuard();
  private readonly grace: OutageGrace<InstanceFacts>;
  private served: ReadonlyMap<string, ServiceFacts> = new Map();
  private count = 0;
  private window = { since: Number.NEGATIVE_INFINITY, known: 0, removed: 0 };
  private cancelRelist: CancelTimer | undefined;

  constructor(options: ConsulFeedOptions) {
    const { settings, clock, random, onTrouble } = options;
    this.options = options;
    this.settings = settings;
    this.grace = new OutageGrace({
      graceMs: settings.mapping.graceAfterOutageMs,
      marksOf: (instance) => [instanceKey(instance), `${instance.address || instance.nodeAddress}\n${instance.port}`],
      clock,
      onOver: (services) => this.letGo(services),
    });
    this.watcher = new ConsulWatcher({
      connection: settings.connection,
      clock,
      random,
      sink: this,
      isWanted: (name) => isWantedService(name, settings.mapping),
      onTrouble,
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.watcher.run(signal);
    this.cancelRelist?.();
    this.grace.stop();
  }

  /** Instances that Consul does not list any more since an outage, and that are kept for a while. */
  get kept(): number {
    return this.grace.count;
  }

  replace(all: ReadonlyMap<string, ServiceFacts>, askedAt: number): void {
    const known = instancesOf(this.served);
    if (this.isStale) this.grace.begin(known, instancesOf(all));
    const joined = this.joined(all);
    const next = instancesOf(joined);
    const diff = instanceDiff(known, next, instanceKey);
    const { verdict, relistInMs } = this.guard.judge(diff, askedAt);
    this.cancelRelist?.();
    if (verdict === 'hold') this.hold(relistInMs, diff.removed, diff.known);
    this.set(verdict === 'hold' ? servicesOf(withoutRemovals(known, next, instanceKey)) : joined);
    this.hasSynced = true;
    this.alive();
    this.options.onUpdate({ all: this.served });
  }

  change(listed: ReadonlyMap<string, ServiceFacts | undefined>): void {
    const changed = new Map([...listed].map(([name, service]) => [name, this.withKept(name, service)] as const));
    const known = new Map([...changed.keys()].map((name) => [name, this.served.get(name)?.instances ?? []] as const));
    const next = new Map([...changed].map(([name, service]) => [name, service?.instances ?? []] as const));
    const { removed } = instanceDiff(known, next, instanceKey);
    const isHeld = removed > 0 && this.isTooMuch(removed);
    const kept = isHeld ? withoutRemovals(known, next, instanceKey) : undefined;
    const applied = new Map(
      [...changed].map(([name, service]) => {
        const instances = kept?.get(name) ?? [];
        return [name, kept === undefined ? service : instances.length === 0 ? service : { name, instances }] as const;
      }),
    );
    const services = this.served as Map<string, ServiceFacts>;
    for (const [name, service] of applied) {
      this.count += (service?.instances.length ?? 0) - (services.get(name)?.instances.length ?? 0);
      if (service) services.set(name, service);
      else services.delete(name);
    }
    this.options.onUpdate({ changed: applied });
  }

  asked(): void {
    this.requests++;
  }

  alive(): void {
    this.lastSuccessAt = this.options.clock.now();
    if (!this.hasSynced) return;
    const hadFailed = this.lastError !== undefined;
    this.isStale = false;
    this.lastError = undefined;
    if (hadFailed) this.options.onRecovery();
  }

  failed(failure: ConsulFailure): void {
    this.errors++;
    this.isStale = this.hasSynced;
    this.behindSince = undefined;
    this.lastError = { message: failure.message, at: this.options.clock.now() };
    this.options.onFailure(failure);
  }

  pendingSince(since: number | undefined): void {
    this.behindSince = since;
  }

  private joined(all: ReadonlyMap<string, ServiceFacts>): ReadonlyMap<string, ServiceFacts> {
    const names = this.grace.services();
    if (names.length === 0) return all;
    const joined = new Map(all);
    for (const name of names) {
      const service = this.withKept(name, all.get(name));
      if (service) joined.set(name, service);
    }
    return joined;
  }

  private withKept(name: string, service: ServiceFacts | undefined): ServiceFacts | undefined {
    const listed = service?.instances ?? [];
    const instances = this.grace.joined(name, listed);
    if (instances.length === listed.length) return service;
    return { name, instances: instances.toSorted((a, b) => compareText(a.node, b.node) || compareText(a.id, b.id)) };
  }

  /** The time after an outage is over. */
  private letGo(services: readonly string[]): void {
    const listed = services.map((name) => {
      const instances = this.grace.withoutKept(name, this.served.get(name)?.instances ?? []);
      return [name, instances.length === 0 ? undefined : { name, instances }] as const;
    });
    this.grace.stop();
    this.change(new Map(listed));
  }

  private set(all: ReadonlyMap<string, ServiceFacts>): void {
    this.served = new Map(all);
    this.count = 0;
    for (const { instances } of all.values()) this.count += instances.length;
    this.window.since = Number.NEGATIVE_INFINITY;
  }

  private isTooMuch(removed: number): boolean {
    // Until the list is there that decides nothing more goes; judging each change anew would begin the hold anew.
    if (this.guard.isHolding) return true;
    const now = this.options.clock.now();
    if (now - this.window.since > togetherMs) this.window = { since: now, known: this.count, removed: 0 };
    this.window.removed += removed;
    const { known, removed: together } = this.window;
    const { verdict, relistInMs } = this.guard.judge({ known, removed: together }, now);
    if (verdict === 'hold') this.hold(relistInMs, together, known);
    return verdict === 'hold';
  }

  private hold(relistInMs: number, removed: number, known: number): void {
    this.options.onHold(removed, known);
    this.cancelRelist = this.options.clock.setTimeout(() => this.watcher.relist(), relistInMs, { unref: true });
  }
}

function instancesOf(services: ReadonlyMap<string, ServiceFacts>): ReadonlyMap<string, readonly InstanceFacts[]> {
  return new Map([...services].map(([name, { instances }]) => [name, instances] as const));
}

function servicesOf(instances: ReadonlyMap<string, readonly InstanceFacts[]>): ReadonlyMap<string, ServiceFacts> {
  return new Map([...instances].map(([name, list]) => [name, { name, instances: list }] as const));
}
