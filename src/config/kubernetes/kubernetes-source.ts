import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { ApiDiscovery } from '../../kubernetes/list-watch/api-discovery.ts';
import { type KubeChange, ListWatch } from '../../kubernetes/list-watch/list-watch.ts';
import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import { RequestGate } from '../../kubernetes/list-watch/request-gate.ts';
import { fixedPlace, type ServedPlace } from '../../kubernetes/list-watch/served-place.ts';
import type { Clock } from '../../lib/clock.ts';
import { onAbort } from '../../lib/on-abort.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { ParsedObject } from '../../schema/parse-object.ts';
import type { ConfigSink, ConfigSource } from '../config-source.ts';
import { parseKubeObject, type ReadObject } from './parse-kube-object.ts';
import { PendingChanges } from './pending-changes.ts';
import { unreadableKinds } from './unreadable-kinds.ts';
import { isBuiltIn, type WatchedKind } from './watched-kinds.ts';

export interface KubernetesSourceOptions {
  /** Name of the cluster, unique among the sources. */
  readonly name: string;
  readonly client: KubeClient;
  /** Shared with others who ask this server. Default: one of its own. */
  readonly gate?: RequestGate;
  readonly kinds: readonly WatchedKind[];
  readonly parseObject: (json: unknown) => ParsedObject;
  /** False: the object is none of ours, as if it were not there. Default: all are. */
  readonly isSelected?: (object: ConfigObject) => boolean;
  readonly clock: Clock;
  readonly random: () => number;
  /** See `ListWatchOptions`. */
  readonly idleMs?: number;
}

/** Failures are told together, after so long. */
const reportMs = 500;
/** Objects that are handed over in one turn of the event loop, once all was read: a thousand would hold up every stream. */
const mostPerTurn = 200;

/**
 * The objects of an API server as a source. Nothing is handed over before all kinds have been read, so that nobody sees half a
 * mesh; then what is heard in one turn is one update, or a few where it is
 * much. An object that becomes bad stays as it was last good, and so
 * does everything while the server does not answer.
 */
export class KubernetesSource implements ConfigSource {
  readonly name: string;
  private readonly options: KubernetesSourceOptions;
  private readonly pending = new PendingChanges();
  private readonly hasCustomKinds: boolean;
  private readonly discovery: ApiDiscovery;
  private readonly listWatches: readonly ListWatch<ReadObject>[];
  private readonly synced = Promise.withResolvers<void>();
  private sink: ConfigSink | undefined;
  private wasRead = false;
  private isScheduled = false;
  private willReport = false;

  constructor(options: KubernetesSourceOptions) {
    const { client, clock, random, kinds, idleMs, gate = new RequestGate(clock, random) } = options;
    this.name = options.name;
    this.options = options;
    const shared = { client, gate, clock, random, onState: () => this.look(), ...(idleMs === undefined ? {} : { idleMs }) };
    const custom = kinds.map(({ kind }) => kind).filter((kind) => !isBuiltIn(kind));
    this.hasCustomKinds = custom.length > 0;
    this.discovery = new ApiDiscovery({ ...shared, wanted: custom });
    this.listWatches = kinds.map(
      (watched) =>
        new ListWatch<ReadObject>({
          ...shared,
          place: placeOf(watched, this.discovery),
          convert: (raw) => parseKubeObject(raw, options.parseObject),
          onChanges: (changes) => this.take(watched.kind.kind, changes),
        }),
    );
  }

  async start(sink: ConfigSink, signal: AbortSignal): Promise<void> {
    this.sink = sink;
    onAbort(signal, () => this.synced.resolve());
    // Whoever reads built-in kinds alone need not be allowed to see what else there is.
    if (this.hasCustomKinds) void this.discovery.run(signal);
    for (const listWatch of this.listWatches) void listWatch.run(signal);
    await this.synced.promise;
  }

  hasSynced(): boolean {
    return this.wasRead;
  }

  /** An API server knows no lines; issues name the object and the field. */
  positionOf(): undefined {
    return undefined;
  }

  /** One for each kind, and one for the definitions of custom kinds. */
  watches(): readonly ListWatchStatus[] {
    return [...this.listWatches.map((listWatch) => listWatch.status()), ...(this.hasCustomKinds ? [this.discovery.status()] : [])];
  }

  private take(kind: string, changes: readonly KubeChange<ReadObject>[]): void {
    const { isSelected } = this.options;
    for (const { key, value } of changes) {
      const slash = key.indexOf('/');
      const ref = { kind, namespace: key.slice(0, slash), name: key.slice(slash + 1) };
      const isOurs = value !== undefined && (value.object === undefined || isSelected === undefined || isSelected(value.object));
      if (isOurs) this.pending.put(ref, value);
      else this.pending.remove(ref);
    }
    this.schedule();
  }

  /** What arrives together is handed over together, as far as a turn of the event loop has room for it. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.handOver();
    });
  }

  private handOver(): void {
    if (!this.wasRead && !this.listWatches.every((listWatch, i) => listWatch.hasSynced() || this.isDoneWithout(i))) return;
    this.sink?.apply(this.pending.take(this.wasRead ? mostPerTurn : Infinity));
    if (this.wasRead) {
      if (!this.pending.isEmpty) this.schedule();
      return;
    }
    this.wasRead = true;
    this.synced.resolve();
  }

  private isDoneWithout(index: number): boolean {
    const { isDispensable } = this.options.kinds[index] ?? {};
    return isDispensable === true && this.listWatches[index]?.status().lastError?.status === 403;
  }

  private look(): void {
    this.report();
    if (!this.wasRead) this.schedule();
  }

  /** A server that is gone fails for every kind at about the same time. */
  private report(): void {
    if (this.willReport) return;
    this.willReport = true;
    const tell = () => {
      this.willReport = false;
      const issues = unreadableKinds(this.options.client.server, this.watches());
      // Before everything is read it is said all the same: somebody waits for it.
      this.sink?.apply({ issues: new Map([['API server', issues]]) });
    };
    this.options.clock.setTimeout(tell, reportMs, { unref: true });
  }
}

function placeOf({ kind, selection }: WatchedKind, discovery: ApiDiscovery): ServedPlace {
  const { kind: name, documentKind, group, plural, versions } = kind;
  if (isBuiltIn(kind)) return fixedPlace({ group, plural, kind: documentKind, version: versions[0]!, ...selection });
  const place = discovery.placeOf({ kind: documentKind, group, plural, versions });
  return { ...place, kind: name, current: () => withSelection(place.current(), selection) };
}

function withSelection(place: ReturnType<ServedPlace['current']>, selection: WatchedKind['selection']): typeof place {
  return typeof place === 'object' && selection ? { ...place, ...selection } : place;
}
