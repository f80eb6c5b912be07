import { askForHeld } from './ask-for-held.ts';
import { filterNames, isEmpty, type NameList, nameList, noNames } from './name-list.ts';
import type { Plan, PlanContext, Protocol } from './protocol.ts';
import { nextToPush, type Watches } from './push-order.ts';
import type { PushScope } from './push-queue.ts';
import type { ResourceView } from './resource-source.ts';
import type { Watch } from './watch.ts';

export interface PushRoundOptions {
  readonly watches: Watches;
  readonly scope: PushScope;
  /** More has changed than the scope covers; views may have been replaced. */
  readonly isStale: boolean;
  readonly protocol: Protocol;
  readonly context: PlanContext;
  readonly nowMs: number;
  readonly maxHoldMs: number;
  readonly lingerMs: number;
  readonly viewOf: (typeUrl: string) => ResourceView | undefined;
  readonly hasRoom: () => boolean;
  /** Whether a message of so many bytes may be sent now; otherwise a round is begun again when it may. */
  readonly admits: (bytes: number) => boolean;
  readonly send: (watch: Watch, batch: NonNullable<Plan['batch']>) => void;
  /** The source threw while this type was read. */
  readonly onFailure: (watch: Watch, error: unknown) => void;
}

/**
 * Brings one stream forward: first every type takes in what changed, all of the same moment, so that nothing is sent
 * that points at something unsent; then whatever may go goes, in push order. False where the client must begin again.
 */
export function pushRound(options: PushRoundOptions): boolean {
  const skip = new Set<Watch>();
  const blocked = new Set<Watch>();
  const guarded = <T>(watch: Watch, step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      skip.add(watch);
      options.onFailure(watch, error);
      return undefined;
    }
  };

  const advance = (watch: Watch) =>
    guarded(watch, () => {
      const view = options.viewOf(watch.type.url);
      return !view || watch.advance(view, options.context.changes);
    }) !== false;

  for (const watch of advancing(options)) if (!advance(watch)) return false;
  if (options.scope === 'overtaking' && [...options.watches.values()].some(isAskingParent)) {
    for (const watch of options.watches.values()) if (!skip.has(watch) && !advance(watch)) return false;
  }
  while (options.hasRoom()) {
    const watch = nextToPush(options.watches, { ...options, skip, blocked });
    if (!watch) break;
    if (guarded(watch, () => sendNext(watch, options)) === 'no room') blocked.add(watch);
  }
  return true;
}

/** Where views were replaced all types move on together: the old views end with this turn. */
function advancing({ scope, isStale, watches, viewOf }: PushRoundOptions): readonly Watch[] {
  const all = [...watches.values()];
  if (scope === 'all') return all;
  try {
    if (isStale && all.some((watch) => viewOf(watch.type.url) !== watch.view)) return all;
  } catch {
    // told by the type that fails, when it advances
    return all;
  }
  return all.filter((watch) => watch.type.overtakes);
}

/** What is gone stays or goes with its parent, which has to be of the same moment. */
function isAskingParent(watch: Watch): boolean {
  return watch.type.overtakes && watch.parting.size > 0;
}

/** So many names fill a message: there is no use in planning it before it may be sent. */
const manyNames = 256;

function sendNext(watch: Watch, options: PushRoundOptions): 'sent' | 'nothing to say' | 'no room' {
  if (watch.owed.names.length - watch.owed.from > manyNames && !options.admits(options.context.maxMessageBytes)) return 'no room';
  const { batch, rest } = options.protocol.plan(watch, options.context);
  if (batch && !options.admits(batch.bytes)) return 'no room';
  const urgent = watch.urgent;
  watch.owed = isEmpty(rest) ? noNames : rest;
  if (isEmpty(rest)) watch.urgent = false;
  watch.answerDue = false;
  if (isEmpty(rest)) {
    watch.leaving.clear();
    watch.leavingSinceMs = undefined;
  }
  if (!batch) return 'nothing to say';
  const warmed = watch.type.warms === undefined ? undefined : options.watches.get(watch.type.warms);
  const news = warmed ? options.context.news.names(batch.resources, watch.sentResources) : noNames;
  if (options.protocol.variant === 'sotw') watch.sentResources = batch.resources;
  watch.inFlight = { nonce: '', version: batch.version, resources: batch.resources, removed: batch.removed, urgent };
  options.send(watch, batch);
  if (warmed) warm(warmed, news);
  const held = watch.type.holds === undefined ? undefined : options.watches.get(watch.type.holds);
  if (held) askForHeld(held, [...batch.resources.map(({ name }) => name), ...batch.removed], options.context.changes);
  return 'sent';
}

/**
 * A client that reconnects may be sent a changed cluster before it subscribes to endpoints. It acknowledges no clusters until
 * the new one is warm, and warms it only by an answer, even to endpoints that it says it has: what the unanswered response
 * holds is asked for again.
 */
export function warmUnanswered(watch: Watch, watches: ReadonlyMap<string, Watch>): void {
  for (const { type, inFlight } of watches.values()) {
    if (type.warms === watch.type.url && inFlight) warm(watch, nameList(inFlight.resources.map((resource) => resource.name)));
  }
}

/** A client that was sent a cluster waits for its endpoints before it uses the cluster, even where these are the old ones (X33). */
function warm(watch: Watch, names: NameList): void {
  const { subscription, view } = watch;
  watch.ask(filterNames(names, (name) => subscription.names.has(name) || (subscription.wildcard && view.get(name) !== undefined)));
}
