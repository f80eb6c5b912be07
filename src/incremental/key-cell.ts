import type { Evictable } from './idle-cells.ts';
import type { MapNode } from './map-node.ts';
import { Node } from './node.ts';
import type { Reader } from './reader.ts';

/** One key of a map. Any number of handles may exist; the map knows the one that has readers. */
export class KeyCell<T> extends Node<T | undefined> {
  readonly map: MapNode<T>;
  readonly key: string;

  constructor(map: MapNode<T>, key: string) {
    super(map.runtime);
    this.map = map;
    this.key = key;
  }

  get level(): number {
    return this.map.level;
  }

  get busy(): boolean {
    return this.map.busy;
  }

  override canonical(): Node<unknown> {
    return this.map.readKeys.get(this.key) ?? this;
  }

  current(): T | undefined {
    this.map.activate();
    return this.map.peek(this.key);
  }

  override prime(): void {
    this.map.activate();
  }

  override evictable(): Evictable | undefined {
    return this.map.evictable();
  }

  override link(reader: Reader): void {
    this.map.readKeys.set(this.key, this);
    super.link(reader);
  }

  protected override unread(): void {
    this.map.readKeys.delete(this.key);
    super.unread();
  }
}

/** One key of a map, with a value for when the key is absent. */
export class KeyCellOr<T> extends Node<T> {
  private readonly cell: KeyCell<T>;
  private readonly absent: T;

  constructor(cell: KeyCell<T>, absent: T) {
    super(cell.runtime);
    this.cell = cell;
    this.absent = absent;
  }

  get level(): number {
    return this.cell.level;
  }

  get busy(): boolean {
    return this.cell.busy;
  }

  override canonical(): Node<unknown> {
    return this.cell.canonical();
  }

  override prime(): void {
    this.cell.prime();
  }

  current(): T {
    return this.cell.current() ?? this.absent;
  }
}
