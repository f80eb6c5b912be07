import { filterNames, type NameList, nameList } from './name-list.ts';
import { SubscribedNames } from './subscribed-names.ts';

/** What a client has asked for, of one type on one stream; the same for both variants of the protocol. */
export class Subscription {
  /** Everything that the view holds: the client sent `*`, or began with an empty request. */
  wildcard = false;
  /**
   * The wildcard stems from an empty request instead of a literal `*`. In state of the world it lasts until the client
   * names something; in delta, until it unsubscribes from `*`.
   */
  legacy = false;
  /** Asked for one by one. Answered for even where the view lacks them, and kept until unsubscribed (X23). */
  readonly names = new SubscribedNames();

  covers(name: string): boolean {
    return this.wildcard || this.names.has(name);
  }

  /** Those of the names that are covered. */
  select(list: NameList): NameList {
    return this.wildcard ? list : filterNames(list, (name) => this.names.has(name));
  }

  /** Every name that a full answer speaks of. */
  everything(inView: NameList): NameList {
    if (!this.wildcard) return nameList(this.names);
    return this.names.size === 0 ? inView : nameList([...inView.names, ...this.names]);
  }
}
