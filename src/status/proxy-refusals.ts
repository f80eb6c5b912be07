import { sameContent } from '../config/same-content.ts';
import { compareText } from '../model/config-object.ts';
import { type BlameContext, type Blamed, blame } from './blame.ts';
import type { Refusal, Suspect } from './object-facts.ts';
import { RefusalBook, type RefusedResponse } from './refusal-book.ts';

export interface ProxyRefusalsOptions {
  /** A resource as the proxy is served it, as a plain message; undefined where it has none of that name. */
  readonly resource: (nodeId: string, typeUrl: string, name: string) => unknown;
  readonly context: BlameContext;
  /** In milliseconds. */
  readonly now: () => number;
  /** What `refusals()` says may have changed. */
  readonly onChange: () => void;
  /** Told once per kind of refusal. */
  readonly onNew: (refused: RefusedResponse, suspects: readonly Suspect[]) => void;
}

/** Proxies that are named, of all that refuse something for one reason. */
const maxProxies = 10;
const maxRefusals = 100;

/** What proxies refuse, with whom to blame: told by the discovery server, grouped by reason. */
export class ProxyRefusals {
  private readonly options: ProxyRefusalsOptions;
  private readonly book: RefusalBook;
  /** Found when it was refused: later the resource may be another one. */
  private readonly blamed = new Map<string, readonly Blamed[]>();

  constructor(options: ProxyRefusalsOptions) {
    this.options = options;
    this.book = new RefusalBook(options.now, options.onChange);
  }

  refuse(nodeId: string, typeUrl: string, names: readonly string[], message: string): void {
    this.book.refuse(nodeId, typeUrl, names, message);
    for (const refused of this.book.refused()) if (refused.nodeId === nodeId && refused.message === message) this.suspectsOf(refused);
  }

  accept(nodeId: string, typeUrl: string, names: () => readonly string[]): void {
    if (!this.book.isEmpty) this.book.accept(nodeId, typeUrl, names());
  }

  /** Call it now and then with the nodes that are connected. */
  keepOnly(connected: () => ReadonlySet<string>): void {
    if (!this.book.isEmpty) this.book.keepOnly(connected());
    else this.blamed.clear();
  }

  refusals(): readonly Refusal[] {
    const groups: { readonly message: string; readonly suspects: readonly Suspect[]; readonly proxies: Set<string> }[] = [];
    for (const refused of this.book.refused()) {
      const suspects = this.suspectsOf(refused)
        .filter(({ names }) => names.some((name) => refused.names.has(name)))
        .map(({ ref, path }) => ({ ref, path }));
      const proxy = refused.nodeId.split('~')[2] ?? refused.nodeId;
      const known = groups.find((group) => group.message === refused.message && sameContent(group.suspects, suspects));
      if (known) known.proxies.add(proxy);
      else if (groups.length < maxRefusals) groups.push({ message: refused.message, suspects, proxies: new Set([proxy]) });
    }
    return groups
      .filter(({ suspects }) => suspects.length > 0)
      .map(({ message, suspects, proxies }) => ({
        message,
        suspects,
        proxies: [...proxies].sort(compareText).slice(0, maxProxies),
        count: proxies.size,
      }));
  }

  private suspectsOf(refused: RefusedResponse): readonly Blamed[] {
    const { resource, context, onNew } = this.options;
    const { nodeId, typeUrl, message, suspected } = refused;
    const key = JSON.stringify([typeUrl, message, suspected]);
    let blamed = this.blamed.get(key);
    if (blamed === undefined) {
      const resources = new Map(suspected.map((name) => [name, resource(nodeId, typeUrl, name)]));
      blamed = blame({ nodeId, message, resources }, context);
      this.blamed.set(key, blamed);
      onNew(refused, blamed);
    }
    return blamed;
  }
}
