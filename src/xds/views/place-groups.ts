import type { MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isHttp } from '../../model/protocol.ts';
import type { PlacedEntry } from './placed-entries.ts';

export interface PlaceGroups {
  readonly http: MapCell<readonly PlacedEntry[]>;
  readonly others: MapCell<readonly PlacedEntry[]>;
}

/**
 * The entries of each listener in order, those for HTTP apart: of them only the first says anything about the listener, so that
 * one that ten thousand services share need not look at them all. (Not where egress listeners with a port meet others.)
 */
export function placeGroups(
  engine: Engine,
  entries: (key: string) => MapCell<PlacedEntry>,
  inOrder: (a: PlacedEntry, b: PlacedEntry) => number,
): (key: string) => PlaceGroups {
  const http = engine.mapFamily((key) => engine.ordered(entries(key), (entry) => (joinsHttp(entry) ? [entry.listener] : []), inOrder));
  const others = engine.mapFamily((key) => engine.ordered(entries(key), (entry) => (joinsHttp(entry) ? [] : [entry.listener]), inOrder));
  return (key) => ({ http: http(key), others: others(key) });
}

function joinsHttp({ key: { port } }: PlacedEntry): boolean {
  return isHttp(port.protocol) && port.protocol !== 'HTTP_PROXY';
}
