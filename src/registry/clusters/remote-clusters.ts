import type { Cell, Index, MapCell, Table } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { onAbort } from '../../lib/on-abort.ts';
import { type ConfigObject, compareText, objectKey } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { LabelSelector } from '../../model/label-selector.ts';
import type { Secret } from '../../schema/kubernetes/secret.ts';
import type { RegistrySet } from '../registry-set.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import type { RemoteCluster } from './remote-cluster.ts';
import { isClusterSecret, type StatedCluster, statedClusters } from './stated-clusters.ts';

export interface RemoteClustersOptions {
  readonly engine: Engine;
  readonly clusterId: string;
  readonly rootNamespace: string;
  readonly secrets: MapCell<ConfigObject<Secret>>;
  readonly selectors: Cell<readonly LabelSelector[]>;
  readonly registries: RegistrySet;
  /** Where pods of further clusters are found by those who select them. */
  readonly pods: Table<Index<WorkloadInstance>>;
  readonly open: (stated: StatedCluster, report: Report) => RemoteCluster;
  readonly report: Report;
  /** How long a cluster that is there from the start may keep the mesh from being served, in milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Told of what is wrong, by key; an empty list: nothing any more. */
type Report = (key: string, issues: readonly Issue[]) => void;

interface Connection {
  readonly stated: StatedCluster;
  readonly cluster: RemoteCluster;
}

/** A cluster that is in force, and the one that is to take its place once it has a view. */
interface Held {
  current: Connection;
  next: Connection | undefined;
}

/**
 * The further clusters of the mesh, as Secrets with the label istio/multiCluster come and go. One that is bad, slow or gone
 * delays and changes no other. A Secret with other credentials replaces a cluster in one revision, when the new connection has
 * read everything; a Secret that is gone takes all that its cluster had with it.
 */
export class RemoteClusters {
  private readonly options: RemoteClustersOptions;
  private readonly held = new Map<string, Held>();
  private signal = AbortSignal.abort();
  private opened = 0;

  constructor(options: RemoteClustersOptions) {
    this.options = options;
  }

  /** Follows the Secrets until the signal. Resolves when every cluster of the moment has a view or is waited for no longer. */
  async start(signal: AbortSignal): Promise<void> {
    const { engine, secrets, selectors } = this.options;
    this.signal = signal;
    const releases = [engine.observe(secrets, () => this.follow()), engine.observe(selectors, () => this.select())];
    onAbort(signal, () => {
      for (const release of releases) release();
    });
    await Promise.all(this.follow());
  }

  /** Every cluster with the Secret that states it, in the order of ids. */
  summaries(): readonly { readonly id: string; readonly secretName: string; readonly syncStatus: 'synced' | 'syncing' | 'timeout' }[] {
    const ids = [...this.held.keys()].sort(compareText);
    return ids.flatMap((id) => {
      const current = this.held.get(id)?.current;
      if (current === undefined) return [];
      const { stated, cluster } = current;
      const syncStatus = cluster.hasView() ? 'synced' : cluster.hasSynced() ? 'timeout' : 'syncing';
      return [{ id, secretName: objectKey(stated.secret), syncStatus } as const];
    });
  }

  /** Compares what Secrets state with what is held; returns what the added clusters are waited for. */
  private follow(): readonly Promise<void>[] {
    if (this.signal.aborted) return [];
    const { secrets, rootNamespace, report } = this.options;
    const ours = [...secrets.get().values()].filter((secret) => isClusterSecret(secret, rootNamespace));
    const names = { refusal: (id: string) => this.refusal(id), holderOf: (id: string) => this.holderOf(id) };
    const { byId, issues } = statedClusters(ours, names);
    report('Secrets of clusters', issues);
    for (const id of this.held.keys()) if (!byId.has(id)) this.remove(id);
    const waits: Promise<void>[] = [];
    for (const stated of byId.values()) {
      const held = this.held.get(stated.id);
      if (held === undefined) waits.push(this.add(stated));
      else this.update(held, stated);
    }
    return waits;
  }

  private holderOf(id: string): string | undefined {
    const held = this.held.get(id);
    return held && objectKey((held.next ?? held.current).stated.secret);
  }

  private refusal(id: string): string | undefined {
    const { clusterId, registries } = this.options;
    if (id === clusterId) return 'it is the cluster that this control plane belongs to';
    const isTaken = !this.held.has(id) && registries.layers.lookup(id) !== undefined;
    return isTaken ? 'another registry has this name' : undefined;
  }

  private async add(stated: StatedCluster): Promise<void> {
    const { engine, registries, pods, clock, timeoutMs, log } = this.options;
    const { id } = stated;
    const cluster = this.open(stated);
    this.held.set(id, { current: { stated, cluster }, next: undefined });
    engine.batch(() => {
      registries.add(cluster);
      pods.set(id, cluster.podsByLabel);
    });
    let cancel: CancelTimer = () => {};
    const tooLong = new Promise<void>((resolve) => {
      cancel = clock.setTimeout(resolve, timeoutMs, { unref: true });
    });
    const started = cluster.start(this.signal).then((hasView) => {
      if (hasView) log.info({ cluster: id, server: cluster.status().address }, 'a further cluster is part of the mesh');
    });
    await Promise.race([started, tooLong]);
    cancel();
    if (!cluster.hasView() && this.held.get(id)?.current.cluster === cluster)
      log.warn({ cluster: id }, 'a further cluster gives no view in time; the mesh is served without it until it does');
    cluster.giveUpWaiting();
  }

  private update(held: Held, stated: StatedCluster): void {
    if ((held.next ?? held.current).stated.kubeconfig === stated.kubeconfig) return;
    held.next?.cluster.stop();
    held.next = undefined;
    if (held.current.stated.kubeconfig === stated.kubeconfig) return;
    const next = { stated, cluster: this.open(stated) };
    held.next = next;
    // Without a view there is nothing to lose.
    if (!held.current.cluster.hasView()) this.putInForce(held);
    void next.cluster.start(this.signal).then((hasView) => {
      if (hasView && held.next === next) this.putInForce(held);
    });
  }

  /** One revision: what both connections know stays as it is. */
  private putInForce(held: Held): void {
    const { engine, registries, pods, log } = this.options;
    const { current, next } = held;
    if (next === undefined) return;
    const before = current.cluster;
    next.cluster.giveUpWaiting();
    held.current = next;
    held.next = undefined;
    engine.batch(() => {
      registries.replace(before.id, next.cluster);
      pods.set(before.id, next.cluster.podsByLabel);
    });
    before.stop();
    log.info({ cluster: before.id }, 'a further cluster is read with other credentials');
  }

  private remove(id: string): void {
    const { engine, registries, pods, log } = this.options;
    const held = this.held.get(id);
    this.held.delete(id);
    engine.batch(() => {
      registries.remove(id);
      pods.delete(id);
    });
    held?.current.cluster.stop();
    held?.next?.cluster.stop();
    log.info({ cluster: id }, 'a further cluster is part of the mesh no more');
  }

  private open(stated: StatedCluster): RemoteCluster {
    const { open, report } = this.options;
    const opened = ++this.opened;
    const cluster = open(stated, (key, issues) => report(`${opened}\n${key}`, issues));
    cluster.select(this.options.selectors.get());
    return cluster;
  }

  private select(): void {
    const selectors = this.options.selectors.get();
    for (const { current, next } of this.held.values()) {
      current.cluster.select(selectors);
      next?.cluster.select(selectors);
    }
  }
}
