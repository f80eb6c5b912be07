import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';

/** The field of a rule that sets an HTTP filter; undefined of filters that rules do not set. */
export function filterOrigin(world: ExplainWorld, rule: Origin, filter: string): Origin | undefined {
  const field = filter.endsWith('.fault') ? 'fault' : filter.endsWith('.cors') ? 'corsPolicy' : undefined;
  if (field === undefined || rule.object.kind !== 'VirtualService') return undefined;
  return locateOrigin(world, rule.object, [...rule.path.slice(0, 3), field]);
}
