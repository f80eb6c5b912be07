import type { Equal, MapCell } from './cell.ts';
import { type MapLink, type MapNode, mapNodeOf } from './map-node.ts';
import type { Runtime } from './runtime.ts';
import { StoredMap } from './stored-map.ts';

/** What one layer has under a key. */
export interface Part<L, T> {
  readonly layer: L;
  readonly value: T;
}

/** How layers that come and go are made one map. All three are pure. */
export interface UnionRules<L, T, R> {
  readonly mapOf: (layer: L) => MapCell<T>;
  /** Which layer comes first; layers that compare as equal by their keys. */
  readonly compare: (a: L, b: L) => number;
  /** Gets what the layers have under a key, first layer first and never an empty list; undefined leaves the key out. */
  readonly merge: (parts: readonly Part<L, T>[], key: string) => R | undefined;
}

interface Attached<L, T> {
  readonly key: string;
  readonly layer: L;
  readonly map: MapNode<T>;
  readonly link: MapLink;
}

const LAYERS = 0;
const ENTRIES = 1;

/** A union over a map of layers: when a layer comes, changes or goes, exactly the keys that it has or had are merged again. */
export class LayeredUnion<L, T, R> extends StoredMap<R> {
  readonly label = 'unionOf';
  private readonly layers: MapNode<L>;
  private readonly rules: UnionRules<L, T, R>;
  private readonly attached = new Map<string, Attached<L, T>>();
  private ordered: readonly Attached<L, T>[] = [];
  private readonly dirtyLayers = new Set<string>();
  private readonly dirty = new Set<string>();

  constructor(runtime: Runtime, layers: MapNode<L>, rules: UnionRules<L, T, R>, equal: Equal<R>) {
    super(runtime, [layers], equal);
    this.layers = layers;
    this.rules = rules;
  }

  override sourceChanged(key: string, _old: unknown, slot: number): void {
    if (slot === LAYERS) this.dirtyLayers.add(key);
    else this.dirty.add(key);
    this.enqueue();
  }

  protected override buildAll(): void {
    for (const [key] of this.layers.entries()) this.change(key);
    this.order();
    for (const key of this.dirty) this.update(key);
    this.dirty.clear();
  }

  protected override process(): void {
    if (!this.changeLayers()) return;
    for (const key of this.dirty) this.update(key);
    this.dirty.clear();
  }

  protected override clear(): void {
    super.clear();
    for (const { map, link } of this.attached.values()) map.detach(link);
    this.attached.clear();
    this.ordered = [];
    this.dirtyLayers.clear();
    this.dirty.clear();
  }

  /** False: the map of a new layer is not settled yet, and this one waits in the queue above it. */
  private changeLayers(): boolean {
    if (this.dirtyLayers.size === 0) return true;
    for (const key of this.dirtyLayers) {
      try {
        this.change(key);
      } catch (error) {
        if (this.runtime.isPutOff(error)) {
          this.runtime.resume();
          this.enqueue();
          return false;
        }
        this.runtime.report(error, key);
      }
      this.dirtyLayers.delete(key);
    }
    this.order();
    return true;
  }

  /** Exchanges the old state of a layer for the new one; every key of both is to be merged again. */
  private change(key: string): void {
    const layer = this.layers.peek(key);
    const next = layer === undefined ? undefined : this.follow(key, layer);
    const before = this.attached.get(key);
    if (next) this.attached.set(key, next);
    else this.attached.delete(key);
    for (const each of [before, next]) for (const [entry] of each?.map.entries() ?? []) this.dirty.add(entry);
    before?.map.detach(before.link);
  }

  private follow(key: string, layer: L): Attached<L, T> {
    const map = mapNodeOf(this.rules.mapOf(layer));
    const link = { reader: this, slot: ENTRIES };
    this.runtime.enter(this);
    try {
      this.runtime.prepare(map);
      map.activate();
      this.runtime.place(this, map);
      map.attach(link);
    } finally {
      this.runtime.leave();
    }
    return { key, layer, map, link };
  }

  private order(): void {
    const { compare } = this.rules;
    this.ordered = [...this.attached.values()].sort((a, b) => compare(a.layer, b.layer) || (a.key < b.key ? -1 : 1));
  }

  private update(key: string): void {
    const parts: Part<L, T>[] = [];
    for (const { layer, map } of this.ordered) {
      const value = map.peek(key);
      if (value !== undefined) parts.push({ layer, value });
    }
    try {
      this.put(key, parts.length === 0 ? undefined : this.rules.merge(parts, key));
    } catch (error) {
      this.runtime.report(error, key);
    }
  }
}
