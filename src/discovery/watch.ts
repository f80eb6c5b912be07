import { virtualHostResource } from '../model/virtual-host-resource.ts';
import { isEmpty, joinNames, mergeNames, type NameList, nameList, noNames } from './name-list.ts';
import type { RequestedNames } from './requested-names.ts';
import type { EncodedResource, ResourceView } from './resource-source.ts';
import type { ResourceType } from './resource-types.ts';
import { Subscription } from './subscription.ts';
import type { ViewChanges } from './view-changes.ts';

/** A response that the client has not answered yet. */
export interface InFlight {
  readonly nonce: string;
  readonly version: string;
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
  /** A client waits for it, see `Watch.urgent`. */
  readonly urgent: boolean;
}

/**
 * What is held by a route configuration that does not exist: an Envoy that got one without any virtual host would not open the listener
 * that asks for it, and one that got it without VHDS would keep the virtual hosts of its former life for when it comes back.
 */
export function standInOf(holder: string): string {
  return virtualHostResource(holder, 'absent');
}

/**
 * One type on one stream: what the client wants, what it has, and what it is owed. This is state, never a queue: however
 * long a client takes, `owed` holds a name once, and what is sent for it is what the view holds at that moment.
 */
export class Watch {
  readonly subscription = new Subscription();
  /** The view and its revision up to which changes have been taken into `owed` and `parting`. */
  view: ResourceView;
  revision: number;
  /** Names to be sent with the next responses: as resource, or as removed where the view has them no longer. */
  owed: NameList = noNames;
  /** Names gone from the view that the client keeps until other types have stopped using them. */
  readonly parting = new Set<string>();
  /**
   * Names that nothing uses any more, in a type whose removals cost a whole set: the next response leaves them out, and they
   * are a reason to send one only after a while (see `lingers`).
   */
  readonly leaving = new Set<string>();
  leavingSinceMs: number | undefined;
  /** The client waits for a response, even one that holds nothing. */
  answerDue = false;
  /** Something owed was asked for, by a request or by a cluster that warms; not a mere change. */
  urgent = false;
  inFlight: InFlight | undefined;
  /** What the client refused, of types that it refuses as a whole: goes along with the next change, which may not make sense without it. */
  private refused: NameList = noNames;
  /** State of the world: what the last response held, to know what is gone and what is news. */
  sentResources: readonly EncodedResource[] = [];
  /** State of the world: the names of the last request. */
  requested: RequestedNames | undefined;
  sentNonce = '';
  ackedNonce = '';
  sentVersion = '';
  ackedVersion = '';
  /** The client's words about the last response, where it refused that. */
  lastError = '';
  /** Since when a change has waited for other types. */
  heldSinceMs: number | undefined;
  /** The watch of what holds ours inside. */
  holders: Watch | undefined;
  readonly type: ResourceType;
  private readonly variant: 'sotw' | 'delta';

  constructor(type: ResourceType, view: ResourceView, variant: 'sotw' | 'delta') {
    this.type = type;
    this.view = view;
    this.variant = variant;
    this.revision = view.revision();
  }

  owe(names: NameList): void {
    if (isEmpty(names)) return;
    const all = mergeNames(names, this.refused);
    // What a client takes in together is sent together.
    this.owed = this.type.holderOf ? mergeNames(this.owed, all) : joinNames(this.owed, all);
    this.refused = noNames;
  }

  /** The client has answered the response in flight; returns that, or undefined where the answer is to none. */
  settle(error: string | undefined): InFlight | undefined {
    const response = this.inFlight;
    this.inFlight = undefined;
    this.lastError = error ?? '';
    if (error === undefined) {
      this.ackedNonce = this.sentNonce;
      this.ackedVersion = this.sentVersion;
    } else if (response && this.type.holderOf) {
      this.refused = mergeNames(this.refused, nameList([...response.resources.map(({ name }) => name), ...response.removed]));
    }
    return response;
  }

  /** As `owe`, for names that a client waits for. */
  ask(names: NameList): void {
    if (isEmpty(names)) return;
    this.owe(names);
    this.urgent = true;
  }

  /** After the subscription became narrower: what it no longer covers is not owed either. */
  forgetUncovered(): void {
    this.owed = this.subscription.select(this.owed);
    for (const names of [this.parting, this.leaving]) {
      for (const name of names) if (!this.subscription.covers(name)) names.delete(name);
    }
  }

  /** The resource of that name or, where the client waits for it, what stands for its absence. */
  lookup(name: string): EncodedResource | undefined {
    const isAwaited = () => this.subscription.names.has(name) || this.isStandIn(name);
    return this.view.get(name) ?? (isAwaited() ? this.view.absent(name) : undefined);
  }

  private isStandIn(name: string): boolean {
    const holder = this.type.holderOf?.(name);
    if (holder === undefined || this.holders === undefined || name !== standInOf(holder)) return false;
    return this.holders.subscription.covers(holder) && this.holders.view.get(holder) === undefined;
  }

  /**
   * State of the world: a removal alone sends everything that is left. What nothing uses does no harm for some seconds, in
   * which it may go with a response that is due anyway, or come back. Types that nothing has to let go of first are not
   * delayed: a removed listener closes its port.
   */
  get lingers(): boolean {
    return this.variant === 'sotw' && this.type.complete && this.type.removeAfter.length > 0;
  }

  /** There is something to send, were the client ready and the order right. */
  get isDue(): boolean {
    return this.answerDue || !isEmpty(this.owed);
  }

  /** Nothing to send and nothing unanswered. */
  get isSettled(): boolean {
    return !this.isDue && !this.inFlight;
  }

  /**
   * Takes in what happened since the last time, also where the proxy has been given another view. False where that
   * cannot be told any more: the client has to begin again.
   */
  advance(view: ResourceView, changes: ViewChanges): boolean {
    if (view === this.view && view.revision() === this.revision) return true;
    const change = view === this.view ? changes.since(view, this.revision) : changes.between(this.view, this.revision, view);
    this.view = view;
    this.revision = view.revision();
    if (!change) {
      this.owe(this.subscription.everything(changes.names(view)));
      return this.variant === 'sotw' || !this.subscription.wildcard;
    }
    this.owe(this.subscription.select(change.changed));
    for (const names of [this.parting, this.leaving]) {
      if (names.size > 0) for (const name of change.changed.names) names.delete(name);
    }
    const removed = this.subscription.select(change.removed);
    if (this.type.removeAfter.length === 0) this.owe(removed);
    else for (const name of removed.names) this.parting.add(name);
    return true;
  }
}
