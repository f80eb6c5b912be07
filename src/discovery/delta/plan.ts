import { isEmpty, type NameList } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';
import type { EntryHeaders } from './entry-headers.ts';

/** A response is closed when its entries reach this size: clients limit what they receive, and others wait behind it (X60). */
export const maxBatchBytes = 256 * 1024;

interface Remembered {
  readonly view: ResourceView;
  readonly revision: number;
  readonly plan: Plan;
}

/** Plans the next delta response: as much of what is owed as fits in one message. */
export class DeltaPlanner {
  /** Plans of wildcard watches under the list they start from: streams in the same situation hold the same list. */
  private readonly shared = new WeakMap<NameList, Remembered>();
  private readonly headers: EntryHeaders;

  constructor(headers: EntryHeaders) {
    this.headers = headers;
  }

  plan(watch: Watch, context: PlanContext): Plan {
    const { owed, view, revision, subscription } = watch;
    const isShared = subscription.wildcard && subscription.names.size === 0 && watch.parting.size === 0 && !isEmpty(owed);
    if (!isShared) return this.make(watch, context);
    const known = this.shared.get(owed);
    if (known?.view === view && known.revision === revision) return known.plan;
    const plan = this.make(watch, context);
    this.shared.set(owed, { view, revision, plan });
    return plan;
  }

  private make(watch: Watch, context: PlanContext): Plan {
    const resources: EncodedResource[] = [];
    const removed: string[] = [];
    const { names } = watch.owed;
    let at = watch.owed.from;
    for (let bytes = 0; at < names.length && bytes < maxBatchBytes; at++) {
      const name = names[at] as string;
      if (!watch.subscription.covers(name) || watch.parting.has(name)) continue;
      const resource = watch.lookup(name);
      const length = resource ? this.headers.lengthOf(resource) : name.length;
      if (bytes > 0 && bytes + length > maxBatchBytes) break;
      if (resource) resources.push(resource);
      else if (!watch.type.neverRemoved) removed.push(name);
      bytes += length;
    }
    const saysNothing = resources.length === 0 && removed.length === 0 && !watch.answerDue;
    const batch = saysNothing ? undefined : context.batches.batch({ typeUrl: watch.type.url, resources, removed });
    return { batch, rest: { names, from: at } };
  }
}
