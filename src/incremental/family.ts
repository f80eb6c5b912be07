import type { Cell, Equal, MapCell, Read } from './cell.ts';
import { DerivedNode } from './derived.ts';
import { mapNodeOf } from './map-node.ts';
import type { Runtime } from './runtime.ts';

/** One shared cell per key, forgotten when its last reader has gone. */
export function family<T>(runtime: Runtime, compute: (key: string, read: Read) => T, equal: Equal<T>): (key: string) => Cell<T> {
  const cells = new Map<string, DerivedNode<T>>();
  return (key) => {
    const known = cells.get(key);
    if (known) return known;
    const made = new DerivedNode<T>(runtime, (read) => compute(key, read), equal, { cells, key });
    cells.set(key, made);
    runtime.idle.left(made);
    return made;
  };
}

/** One shared map per key, forgotten when nobody observes it. */
export function mapFamily<T>(make: (key: string) => MapCell<T>): (key: string) => MapCell<T> {
  const maps = new Map<string, MapCell<T>>();
  return (key) => {
    const known = maps.get(key);
    if (known) return known;
    const made = make(key);
    maps.set(key, made);
    mapNodeOf(made).liveAt({ maps, key });
    return made;
  };
}
