import type { Cell, Index, Input, MapCell, Read, Table } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { Clock } from '../../lib/clock.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { Logger } from '../../lib/log.ts';
import { onAbort } from '../../lib/on-abort.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Issue } from '../../model/issue.ts';
import type { Service } from '../../model/service.ts';
import type { Workload } from '../../model/workload.ts';
import type { ConsulRegistry } from '../../schema/mesh-registries/consul-registry.ts';
import type { ConfigurableRegistry } from '../configurable-registry.ts';
import { type MeshFacts, type MeshSources, meshFacts } from '../mesh-facts.ts';
import { countEndpoints, type RegistryStatus } from '../registry-status.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import { ConsulFeed, type FeedUpdate } from './consul-feed.ts';
import { consulIssues } from './consul-issues.ts';
import { type ConsulMapping, type ConsulSettings, consulAddressOf, consulSettings } from './consul-settings.ts';
import { convertEndpoints, convertServices, type ServiceConversion, type StoredService } from './convert-service.ts';
import { distinctLabels, hostLabel } from './host-labels.ts';
import { type InstanceFacts, instanceKey, type ServiceFacts } from './service-facts.ts';

export interface ConsulServiceRegistryOptions extends Omit<MeshSources, 'clusterId'> {
  readonly id: string;
  readonly settings: ConsulSettings;
  /** Pods and WorkloadEntries by address: an instance that runs in one has its identity. */
  readonly workloads: readonly Index<WorkloadInstance>[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** After so long without an answer the rest of the mesh goes on without this registry. */
  readonly readyWithinMs: number;
}

/**
 * The services of one Consul as cells.
 *
 *     stored (by name in Consul) --> labels of hosts --> services
 *         ^                    \-----------------------> endpoints
 *     feed: watches, outages, mass deletions
 */
export class ConsulServiceRegistry implements ConfigurableRegistry {
  readonly id: string;
  readonly provider = 'Consul';
  readonly clusterId: string;
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly workloads: MapCell<Workload>;
  readonly issues: Cell<readonly Issue[]>;
  private readonly options: ConsulServiceRegistryOptions;
  private readonly stored: Table<StoredService>;
  private readonly mapping: Input<ConsulMapping>;
  private readonly synced = Promise.withResolvers<void>();
  private feed: ConsulFeed | undefined;
  /** A new configuration that has not synced yet; the old one is in force until it has. */
  private next: { readonly feed: ConsulFeed; readonly end: AbortController } | undefined;
  private endFeed = new AbortController();
  private signal: AbortSignal | undefined;
  private isOverdue = false;
  /** Of feeds that are no more. */
  private errorsBefore = 0;
  private requestsBefore = 0;

  constructor(options: ConsulServiceRegistryOptions) {
    const { engine, id } = options;
    this.options = options;
    this.id = id;
    this.clusterId = id;
    this.stored = engine.table<StoredService>(deepEqual);
    this.mapping = engine.input(options.settings.mapping, deepEqual);
    const facts = meshFacts({ ...options, clusterId: id });
    const labels = hostLabels(engine, this.stored);
    const conversion = (name: string, mesh: MeshFacts, read: Read): ServiceConversion => ({
      registryId: id,
      mapping: read(this.mapping),
      defaultServiceExportTo: mesh.defaultServiceExportTo,
      label: read(labels.at(name)) ?? hostLabel(name),
    });
    this.services = engine.flatMap(
      this.stored,
      (service, name, read) => convertServices(service, conversion(name, read(facts), read)),
      deepEqual,
    );
    this.endpoints = engine.flatMap(
      this.stored,
      (service, name, read) => {
        const mesh = read(facts);
        return convertEndpoints(service, conversion(name, mesh, read), {
          registryId: id,
          trustDomain: mesh.trustDomain,
          networks: mesh.networks,
          mapping: read(this.mapping),
          workloadAt: (address) => onlyWorkload(options.workloads, address, read),
          isUsable: usableInstances(service, read(this.mapping)),
        });
      },
      deepEqual,
    );
    this.workloads = engine.constantMap(new Map());
    this.issues = consulIssues(engine, labels, this.services);
  }

  /** False until the first complete answer, or until waiting for it would keep the rest of the mesh from starting. */
  hasSynced(): boolean {
    return this.isOverdue || (this.feed?.hasSynced ?? false);
  }

  async start(signal: AbortSignal): Promise<void> {
    const { clock, readyWithinMs, settings, log } = this.options;
    this.signal = signal;
    const cancel = clock.setTimeout(() => {
      this.isOverdue = true;
      log.warn(
        { registry: this.id, error: this.feed?.lastError?.message },
        `registry ${this.id} has not answered; the mesh goes on without it`,
      );
      this.synced.resolve();
    }, readyWithinMs);
    onAbort(signal, () => this.synced.resolve());
    this.feed = this.createFeed(settings);
    this.run(this.feed, this.endFeed);
    await this.synced.promise;
    cancel();
  }

  /**
   * Goes over to another configuration: the old one stays in force, and goes on to be watched, until the new one has given a complete answer.
   * Then both the services and how they are mapped change in one revision.
   */
  configure({ consul }: { readonly consul?: ConsulRegistry }): void {
    if (consul === undefined) throw new Error('not the configuration of a Consul');
    if (this.signal === undefined) throw new Error('a registry that has not started cannot be configured anew');
    const settings = consulSettings(consul);
    this.next?.end.abort();
    this.next = undefined;
    if (deepEqual(settings, this.feed?.settings)) return;
    this.next = { feed: this.createFeed(settings), end: new AbortController() };
    this.run(this.next.feed, this.next.end);
  }

  status(): RegistryStatus {
    const { feed, next } = this;
    const now = this.options.clock.now();
    const error = next?.feed.lastError
      ? { ...next.feed.lastError, message: `the new configuration is not in force: ${next.feed.lastError.message}` }
      : feed?.lastError;
    const settings = feed?.settings ?? this.options.settings;
    return {
      id: this.id,
      provider: this.provider,
      address: consulAddressOf(settings.connection),
      state: !feed?.hasSynced ? 'Syncing' : feed.isStale ? 'Stale' : 'Synced',
      services: this.services.get().size,
      endpoints: countEndpoints(this.endpoints),
      ...(feed?.lastSuccessAt === undefined ? {} : { lastSuccessAt: feed.lastSuccessAt }),
      ...(error === undefined ? {} : { lastError: error }),
      errors: this.errorsBefore + (feed?.errors ?? 0) + (next?.feed.errors ?? 0),
      requests: this.requestsBefore + (feed?.requests ?? 0) + (next?.feed.requests ?? 0),
      kept: feed?.kept ?? 0,
      lagMs: feed?.isStale ? now - (feed.lastSuccessAt ?? now) : now - (feed?.behindSince ?? now),
    };
  }

  private run(feed: ConsulFeed, end: AbortController): void {
    if (this.signal === undefined) return;
    feed.run(AbortSignal.any([this.signal, end.signal])).catch((error: unknown) => {
      this.options.log.error({ err: error, registry: this.id }, 'the watch of a registry ended by a defect; its last view stays');
    });
  }

  private createFeed(settings: ConsulSettings): ConsulFeed {
    const { clock, random, log } = this.options;
    const registry = this.id;
    let said = '';
    const feed: ConsulFeed = new ConsulFeed({
      settings,
      clock,
      random,
      onUpdate: (update) => this.take(feed, update),
      onFailure: ({ kind, message }) => {
        if (kind !== said) log.warn({ registry, kind }, `registry ${registry}: ${message}`);
        said = kind;
      },
      onRecovery: () => {
        said = '';
        log.info({ registry }, `registry ${registry} is well again`);
      },
      onTrouble: (message) => log.warn({ registry }, `registry ${registry}: ${message}`),
      onHold: (removed, known) =>
        log.warn(
          { registry, removed, known },
          `registry ${registry} lost ${removed} of ${known} instances at once: held until a new list says so too`,
        ),
    });
    return feed;
  }

  private take(feed: ConsulFeed, update: FeedUpdate): void {
    this.options.engine.batch(() => {
      if (feed === this.next?.feed) {
        this.errorsBefore += this.feed?.errors ?? 0;
        this.requestsBefore += this.feed?.requests ?? 0;
        this.endFeed.abort();
        this.endFeed = this.next.end;
        this.feed = feed;
        this.next = undefined;
      }
      if (feed !== this.feed) return;
      this.mapping.set(feed.settings.mapping);
      if ('all' in update) this.stored.replace(new Map([...update.all].map(([name, service]) => [name, this.keep(service)] as const)));
      else for (const [name, service] of update.changed) this.put(name, service);
    });
    this.synced.resolve();
  }

  private put(name: string, service: ServiceFacts | undefined): void {
    if (service) this.stored.set(name, this.keep(service));
    else this.stored.delete(name);
  }

  /** Remembers who was well before nobody is, where that is wanted. */
  private keep(service: ServiceFacts): StoredService {
    if (this.feed?.settings.mapping.allUnhealthy !== 'keep' || service.instances.some(isWell)) return service;
    const before = this.stored.lookup(service.name);
    const kept = before?.kept ?? before?.instances.filter(isWell).map(instanceKey) ?? [];
    return { ...service, kept };
  }
}

/** The first part of each service's host, by its name in Consul. */
function hostLabels(engine: Engine, stored: Table<StoredService>): MapCell<string> {
  const byLabel = engine.index(stored, (_, name) => [hostLabel(name)]);
  return engine.flatMap(byLabel.groups, (members, label) => distinctLabels(label, members.keys()));
}

/** The workload at an address; nothing where several claim it, as pods of the host's network do. */
function onlyWorkload(indexes: readonly Index<WorkloadInstance>[], address: string, read: Read): WorkloadInstance | undefined {
  const found = indexes.flatMap((index) => [...read(index.group(address)).values()].filter(({ isFinished }) => !isFinished));
  return found.length === 1 ? found[0] : undefined;
}

/** Which instances that fail their checks are used all the same, because no other is well. */
function usableInstances(service: StoredService, { allUnhealthy }: ConsulMapping): (instance: InstanceFacts) => boolean {
  if (allUnhealthy === 'empty' || service.instances.some(isWell)) return () => false;
  if (allUnhealthy === 'panic') return () => true;
  const kept = new Set(service.kept);
  return (instance) => kept.has(instanceKey(instance));
}

function isWell({ state }: InstanceFacts): boolean {
  return state === 'passing' || state === 'warning';
}
