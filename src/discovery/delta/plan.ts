import { type BatchContent, batchContent } from '../batch.ts';
import { isEmpty, type NameList } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';
import type { EntryHeaders } from './entry-headers.ts';

interface Planned {
  readonly view: ResourceView;
  readonly revision: number;
  readonly content: BatchContent;
  readonly rest: NameList;
}

/**
 * Plans the next delta response: as much of what is owed as fits in one message. Clients limit what they receive, and others
 * wait behind it (X60). Resources that a client takes in together stay together, however large that makes it: an Envoy opens a
 * listener with the first virtual hosts that it is sent for its table, and refuses two hosts that claim one domain while that
 * moves between them.
 */
export class DeltaPlanner {
  /** Under the list they start from: streams in the same situation hold the same list. */
  private readonly ofWildcards = new WeakMap<NameList, Planned>();
  /** Apart from the others: what they asked for by name is answered where it does not exist. */
  private readonly ofNames = new WeakMap<NameList, Planned>();
  private readonly headers: EntryHeaders;

  constructor(headers: EntryHeaders) {
    this.headers = headers;
  }

  plan(watch: Watch, context: PlanContext): Plan {
    const { content, rest } = this.shareable(watch, context);
    const saysNothing = content.resources.length === 0 && content.removed.length === 0 && !watch.answerDue;
    return { batch: saysNothing ? undefined : context.batches.batch(content), rest };
  }

  private shareable(watch: Watch, context: PlanContext): Planned {
    const { owed, view, revision, subscription } = watch;
    const isMixed = subscription.wildcard && subscription.names.size > 0;
    if (isMixed || watch.parting.size > 0 || isEmpty(owed)) return this.fill(watch, context);
    const shared = subscription.wildcard ? this.ofWildcards : this.ofNames;
    const known = shared.get(owed);
    if (known?.view === view && known.revision === revision) return known;
    const made = this.fill(watch, context);
    shared.set(owed, made);
    return made;
  }

  private fill(watch: Watch, { maxMessageBytes }: PlanContext): Planned {
    const { owed, view, revision } = watch;
    const resources: EncodedResource[] = [];
    const removed: string[] = [];
    let at = owed.from;
    for (let bytes = 0; at < owed.names.length; at++) {
      const name = owed.names[at] as string;
      if (!watch.subscription.covers(name) || watch.parting.has(name)) continue;
      const resource = watch.lookup(name);
      const length = resource ? this.headers.lengthOf(resource) : name.length;
      if (bytes > 0 && bytes + length > maxMessageBytes && !isHeldTogether(watch, owed.names[at - 1], name)) break;
      if (resource) resources.push(resource);
      else if (!watch.type.neverRemoved) removed.push(name);
      bytes += length;
    }
    return { view, revision, content: batchContent(watch.type.url, resources, removed), rest: { names: owed.names, from: at } };
  }
}

function isHeldTogether({ type: { holderOf } }: Watch, before: string | undefined, name: string): boolean {
  return holderOf !== undefined && before !== undefined && holderOf(before) === holderOf(name);
}
