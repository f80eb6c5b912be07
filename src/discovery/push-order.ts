import { filterNames, nameList } from './name-list.ts';
import type { Watch } from './watch.ts';

/** The watches of one stream, by type URL, in push order. */
export type Watches = ReadonlyMap<string, Watch>;

export interface OrderOptions {
  readonly nowMs: number;
  /** How long one type may wait for others: a client that answers late or never is not starved. */
  readonly maxHoldMs: number;
  /** How long a removal waits for company, see `Watch.lingers`. */
  readonly lingerMs: number;
  /** Watches that have something to send for which there is no room yet: the others go on, but not before their time. */
  readonly blocked: ReadonlySet<Watch>;
  /** Watches passed over in this round. */
  readonly skip: ReadonlySet<Watch>;
}

/**
 * The next watch that may send: make before break. New clusters and their endpoints come before listeners and routes
 * that use them, and have been answered by then; what those have stopped using is removed after they have been
 * answered. What a client asked for waits for no answer, but for clusters that have yet to be sent: a client that comes back
 * asks for everything at once, and routes of this moment may use clusters that came after those it was just sent.
 */
export function nextToPush(watches: Watches, options: OrderOptions): Watch | undefined {
  for (const watch of watches.values()) {
    if (watch.parting.size > 0) releaseParting(watch, watches, options);
    if (watch.leavingSinceMs !== undefined && options.nowMs - watch.leavingSinceMs >= options.lingerMs) dismiss(watch);
    const isSkipped = options.skip.has(watch);
    if (isSkipped || (!watch.isDue && watch.parting.size === 0)) watch.heldSinceMs = undefined;
    if (isSkipped || !watch.isDue || watch.inFlight || options.blocked.has(watch)) continue;
    const isWaitedFor = watch.urgent ? isUnsent : isUnsettling;
    const isHeld = watch.type.after.some((url) => isWaitedFor(watches.get(url), options));
    if (isHeld && !hasWaitedLong(watch, options)) continue;
    watch.heldSinceMs = undefined;
    return watch;
  }
  return undefined;
}

/** Something may be sent or released, were its time come: views need not be read where nothing can. */
export function hasBusiness(watches: Watches): boolean {
  for (const watch of watches.values()) if (watch.isDue || isParting(watch, watches)) return true;
  return false;
}

/** All that was to be sent has been answered, but for removals that linger. */
export function isConverged(watches: Watches): boolean {
  for (const watch of watches.values()) if (!watch.isSettled || isParting(watch, watches)) return false;
  return true;
}

/** Names are about to go, and not only when what keeps them has lingered to its end. */
function isParting(watch: Watch, watches: Watches): boolean {
  return watch.parting.size > 0 && !isKeptByLeaving(watch, watches);
}

function isKeptByLeaving(watch: Watch, watches: Watches): boolean {
  return watch.type.removeAfter.some((url) => (watches.get(url)?.leaving.size ?? 0) > 0);
}

/** When a held watch may go without the others, or what lingers goes alone; undefined where nothing waits for time to pass. */
export function holdEndsAtMs(watches: Watches, options: Pick<OrderOptions, 'maxHoldMs' | 'lingerMs'>): number | undefined {
  let end = Number.POSITIVE_INFINITY;
  for (const { heldSinceMs, leavingSinceMs } of watches.values()) {
    if (heldSinceMs !== undefined) end = Math.min(end, heldSinceMs + options.maxHoldMs);
    if (leavingSinceMs !== undefined) end = Math.min(end, leavingSinceMs + options.lingerMs);
  }
  return Number.isFinite(end) ? end : undefined;
}

/** Only clusters are used by name without being asked for. */
function isUnsent(watch: Watch | undefined, options: OrderOptions): boolean {
  return watch !== undefined && watch.type.warms !== undefined && watch.isDue && !options.skip.has(watch);
}

/** Endpoints change all the time, and routes do not wait for that: only for endpoints of clusters that warm. */
function isUnsettling(watch: Watch | undefined, options: OrderOptions): boolean {
  if (!watch || options.skip.has(watch)) return false;
  if (watch.type.parent === undefined) return !watch.isSettled;
  return (watch.isDue && watch.urgent) || watch.inFlight?.urgent === true;
}

function releaseParting(watch: Watch, watches: Watches, options: OrderOptions): void {
  const parent = watch.type.parent === undefined ? undefined : watches.get(watch.type.parent);
  const isInUse = (name: string) => parent !== undefined && !options.skip.has(parent) && parent.view.get(name) !== undefined;
  const stillUsed = filterNames(nameList(watch.parting), isInUse);
  for (const name of stillUsed.names) watch.parting.delete(name);
  watch.owe(stillUsed);
  if (watch.parting.size === 0) return;

  if (isKeptByLeaving(watch, watches)) {
    watch.heldSinceMs = undefined;
    return;
  }
  const waitsFor = watch.type.removeAfter.map((url) => watches.get(url));
  const mustWait = waitsFor.some((other) => other && !options.skip.has(other) && (!other.isSettled || other.parting.size > 0));
  if (mustWait && !hasWaitedLong(watch, options)) return;
  if (watch.lingers) {
    for (const name of watch.parting) watch.leaving.add(name);
    watch.leavingSinceMs ??= options.nowMs;
  } else watch.owe(nameList(watch.parting));
  watch.parting.clear();
}

/** What has lingered goes with the next response, which is due now. */
function dismiss(watch: Watch): void {
  watch.owe(nameList(watch.leaving));
  watch.leaving.clear();
  watch.leavingSinceMs = undefined;
}

function hasWaitedLong(watch: Watch, options: OrderOptions): boolean {
  watch.heldSinceMs ??= options.nowMs;
  return options.nowMs - watch.heldSinceMs >= options.maxHoldMs;
}
