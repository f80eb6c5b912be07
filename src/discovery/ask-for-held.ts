import { filterNames, type NameList, nameList, withPrefix } from './name-list.ts';
import type { ViewChanges } from './view-changes.ts';
import { standInOf, type Watch } from './watch.ts';

/**
 * A client that was sent a route configuration may have begun it anew: then it has dropped, or never taken, the virtual hosts in
 * it, and does not say so. All of them follow, or what stands for them in one that does not exist.
 */
export function askForHeld(held: Watch, holders: Iterable<string>, changes: ViewChanges): void {
  const inView = changes.names(held.view);
  for (const name of holders) {
    held.ask(covered(held, withPrefix(inView, `${name}/`)));
    if (held.view.absent(standInOf(name))) held.ask(nameList([standInOf(name)]));
  }
}

function covered({ subscription }: Watch, names: NameList): NameList {
  return filterNames(names, (name) => subscription.covers(name));
}

/**
 * Of what holds virtual hosts, that which a client may be without when it first asks for them: what it asked for by name and the view
 * lacks, and what is on its way to it. A client that reconnects says which virtual hosts it has before it reads that.
 */
export function unsettledHolders({ subscription, view, inFlight }: Watch): readonly string[] {
  const absent = [...subscription.names].filter((name) => view.get(name) === undefined);
  if (inFlight === undefined) return absent;
  return [...absent, ...inFlight.resources.map(({ name }) => name), ...inFlight.removed];
}
