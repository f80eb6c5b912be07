import { type BatchContent, batchContent } from '../batch.ts';
import { isEmpty, joinNames, type NameList } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';
import { entryLength } from './resource-entry.ts';

/** What is sent, and what is owed after it. */
interface Next {
  readonly content: BatchContent;
  readonly rest: NameList;
}

interface Planned extends Next {
  readonly revision: number;
}

type PlannedLists = WeakMap<NameList, WeakMap<ResourceView, Planned>>;

/**
 * Plans the next delta response: as much of what is owed as fits in one message. Clients limit what they receive, and others
 * wait behind it (X60). Resources that a client takes in together stay together, however large that makes it: an Envoy opens a
 * listener with the first virtual hosts that it is sent for its table, and refuses two hosts that claim one domain while that
 * moves between them.
 */
export class DeltaPlanner {
  /** Under the list they start from, as streams in the same situation hold the same list; by view, as views may be asked for the same. */
  private readonly ofWildcards: PlannedLists = new WeakMap();
  /** Apart from the others: what they asked for by name is answered where it does not exist. */
  private readonly ofNames: PlannedLists = new WeakMap();

  plan(watch: Watch, context: PlanContext): Plan {
    const { content, rest } = this.shareable(watch, context);
    const saysNothing = content.resources.length === 0 && content.removed.length === 0 && !watch.answerDue;
    return { batch: saysNothing ? undefined : context.batches.batch(content), rest };
  }

  private shareable(watch: Watch, context: PlanContext): Next {
    const { owed, subscription } = watch;
    const isMixed = subscription.wildcard && subscription.names.size > 0;
    if (isMixed || watch.parting.size > 0 || isEmpty(owed)) return this.fill(watch, owed, context);
    return this.known(watch, owed, context);
  }

  private known(watch: Watch, owed: NameList, context: PlanContext): Next {
    if (owed.parts) {
      const { content, rest } = this.known(watch, owed.parts[0], context);
      return { content, rest: joinNames(rest, owed.parts[1]) };
    }
    const { view, revision, subscription } = watch;
    const lists = subscription.wildcard ? this.ofWildcards : this.ofNames;
    const planned = lists.get(owed) ?? new WeakMap<ResourceView, Planned>();
    lists.set(owed, planned);
    // What the proxy shares with others says the same to all of them.
    const source = owed.of !== undefined && view.layers?.includes(owed.of) ? owed.of : view;
    const sourceRevision = source === view ? revision : source.revision();
    const known = planned.get(source);
    if (known?.revision === sourceRevision) return known;
    const made: Planned = { ...this.fill(watch, owed, context), revision: sourceRevision };
    planned.set(source, made);
    return made;
  }

  private fill(watch: Watch, owed: NameList, { maxMessageBytes }: PlanContext): Next {
    const resources: EncodedResource[] = [];
    const removed: string[] = [];
    let at = owed.from;
    for (let bytes = 0; at < owed.names.length; at++) {
      const name = owed.names[at] as string;
      if (!watch.subscription.covers(name) || watch.parting.has(name)) continue;
      const resource = watch.lookup(name);
      const length = resource ? entryLength(resource) : name.length;
      if (bytes > 0 && bytes + length > maxMessageBytes && !isHeldTogether(watch, owed.names[at - 1], name)) break;
      if (resource) resources.push(resource);
      else if (!watch.type.neverRemoved) removed.push(name);
      bytes += length;
    }
    const rest = { names: owed.names, from: at, ...(owed.of && { of: owed.of }) };
    return { content: batchContent(watch.type.url, resources, removed), rest };
  }
}

function isHeldTogether({ type: { holderOf } }: Watch, before: string | undefined, name: string): boolean {
  return holderOf !== undefined && before !== undefined && holderOf(before) === holderOf(name);
}
