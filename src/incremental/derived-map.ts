import type { Evictable } from './idle-cells.ts';
import { type MapHome, type MapLink, MapNode, type MapReader } from './map-node.ts';
import type { Node } from './node.ts';
import type { Frame, Runtime } from './runtime.ts';
import type { Settleable } from './settle-queue.ts';

/** A map computed from other maps: built at first use, settled key by key, gone when unread. */
export abstract class DerivedMap<T> extends MapNode<T> implements MapReader, Frame, Settleable, Evictable {
  readAt = -1;
  abstract readonly label: string;
  private readonly upstream: readonly MapNode<unknown>[];
  private edges: MapLink[] = [];
  private isActive = false;
  private isQueued = false;
  private readonly homes: MapHome[] = [];

  constructor(runtime: Runtime, upstream: readonly MapNode<unknown>[]) {
    super(runtime);
    this.upstream = upstream;
  }

  /** Fills the map from its settled sources. */
  protected abstract build(): void;
  /** Works through the keys that were noted since the last time. */
  protected abstract process(): void;
  /** Drops everything that was built. */
  protected abstract clear(): void;
  abstract sourceChanged(key: string, old: unknown, slot: number): void;

  override get isLive(): boolean {
    return this.isActive;
  }

  override activate(): void {
    if (this.isActive) return;
    this.isActive = true;
    this.busy = true;
    this.runtime.cells++;
    this.runtime.idle.left(this);
    for (const { maps, key } of this.homes) if (!maps.has(key)) maps.set(key, this);
    try {
      this.attachAll();
      this.build();
      this.changedIn = this.runtime.revision;
      this.busy = false;
    } catch (error) {
      this.tearDown();
      throw error;
    }
  }

  settle(): void {
    this.isQueued = false;
    if (!this.isActive) return;
    this.busy = true;
    try {
      this.process();
    } finally {
      this.busy = false;
    }
  }

  override raise(level: number): void {
    if (level <= this.level) return;
    const isMoving = this.isQueued && this.runtime.queue.remove(this, this.level);
    super.raise(level);
    if (isMoving) this.runtime.queue.add(this);
  }

  /** Reads of maps are links, not tracked reads. */
  track(_source: Node<unknown>): void {}

  mark(): void {}

  override evictable(): Evictable {
    return this;
  }

  override liveAt(home: MapHome): void {
    this.homes.push(home);
    this.runtime.idle.left(this);
  }

  evict(): void {
    for (const { maps, key } of this.homes) if (maps.get(key) === this) maps.delete(key);
    if (this.isActive) this.tearDown();
  }

  private tearDown(): void {
    this.isActive = false;
    this.busy = false;
    this.runtime.cells--;
    for (const link of this.edges) this.upstream[link.slot]?.detach(link);
    this.edges = [];
    this.clear();
    this.forgetCopy();
    if (this.isQueued) this.runtime.queue.remove(this, this.level);
    this.isQueued = false;
    this.level = 0;
  }

  protected enqueue(): void {
    if (this.isQueued) return;
    this.isQueued = true;
    this.runtime.queue.add(this);
  }

  private attachAll(): void {
    this.runtime.enter(this);
    try {
      this.upstream.forEach((source, slot) => {
        this.runtime.prepare(source);
        source.activate();
        this.runtime.place(this, source);
        const link = { reader: this, slot };
        source.attach(link);
        this.edges.push(link);
      });
    } finally {
      this.runtime.leave();
    }
  }
}
