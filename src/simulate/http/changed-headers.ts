import type { HeaderChange } from '../outcome.ts';
import type { Header } from '../request.ts';
import { headerMap, withValue } from './header-map.ts';

/** Headers by their names in lower case after changes, one after the other; values with Envoy's `%...%` in them stand as they are written. */
export function changedHeaders(headers: readonly Header[], changes: readonly HeaderChange[]): ReadonlyMap<string, readonly string[]> {
  const after = new Map(headerMap(headers, false));
  for (const { action, name, value } of changes) {
    const held = after.get(name);
    if (action === 'remove') after.delete(name);
    else if (action === 'append') after.set(name, withValue(name, held, value));
    else if (action === 'overwrite' || (held !== undefined) === (action === 'overwrite if there')) after.set(name, [value]);
  }
  return after;
}
