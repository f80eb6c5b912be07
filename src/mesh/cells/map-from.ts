import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';

/** Makes a keyed map out of one computation: for small sets, such as what one namespace sees differently. */
export function mapFrom<T>(engine: Engine, compute: (read: Read) => Iterable<readonly [string, T]>): MapCell<T> {
  const unit = engine.table<true>();
  unit.set('', true);
  return engine.flatMap(unit, (_value, _key, read) => compute(read));
}
