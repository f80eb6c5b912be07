import { filterNames, type NameList, withPrefix } from './name-list.ts';
import type { EncodedResource } from './resource-source.ts';
import type { ViewChanges } from './view-changes.ts';
import type { Watch } from './watch.ts';

/**
 * A client that was sent a route configuration may have begun it anew: then it has dropped, or never taken, the virtual hosts in
 * it, and does not say so. All of them follow.
 */
export function askForHeld(held: Watch, holders: readonly EncodedResource[], changes: ViewChanges): void {
  const inView = changes.names(held.view);
  for (const { name } of holders) held.ask(covered(held, withPrefix(inView, `${name}/`)));
}

function covered({ subscription }: Watch, names: NameList): NameList {
  return filterNames(names, (name) => subscription.covers(name));
}
