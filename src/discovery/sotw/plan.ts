import { compareText } from '../../model/config-object.ts';
import { type BatchContent, batchContent } from '../batch.ts';
import { type NameList, noNames, remaining } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';

interface Named {
  readonly view: ResourceView;
  readonly revision: number;
  readonly content: BatchContent;
}

/**
 * Plans the next state-of-the-world response: one whole message. Types whose absence means deletion are sent complete,
 * the others only with what is owed. Streams in the same situation hold the same lists, under which the content is found.
 */
export class SotwPlanner {
  /** Whole views, under their list of names: that is another one after each change. */
  private readonly whole = new WeakMap<NameList, BatchContent>();
  /** Whole views with names that stay for a while, under what was sent before: its bytes are used for them. */
  private readonly parting = new WeakMap<NameList, WeakMap<readonly EncodedResource[], Map<string, BatchContent>>>();
  /** Under the list of names owed. */
  private readonly named = new WeakMap<NameList, Named>();

  plan(watch: Watch, context: PlanContext): Plan {
    const isComplete = watch.type.complete || watch.subscription.wildcard;
    const content = isComplete ? this.completeSet(watch, context) : this.owedSet(watch);
    const isNews = isComplete ? watch.answerDue || watch.urgent || content.version !== watch.sentVersion : content.resources.length > 0;
    return { batch: isNews ? context.batches.batch(content) : undefined, rest: noNames };
  }

  private owedSet(watch: Watch): BatchContent {
    const { owed, view, revision } = watch;
    const known = this.named.get(owed);
    if (known?.view === view && known.revision === revision && watch.parting.size === 0) return known.content;
    const content = batchContent(watch.type.url, pick(watch, remaining(owed)));
    if (watch.parting.size === 0) this.named.set(owed, { view, revision, content });
    return content;
  }

  private completeSet(watch: Watch, context: PlanContext): BatchContent {
    const inView = context.changes.names(watch.view);
    const everything = watch.subscription.everything(inView);
    if (everything !== inView) {
      return batchContent(watch.type.url, watch.parting.size > 0 ? withParting(watch, everything.names) : pick(watch, everything.names));
    }
    if (watch.parting.size > 0) return this.partingSet(watch, inView);
    let content = this.whole.get(inView);
    if (!content) {
      content = batchContent(watch.type.url, pick(watch, inView.names));
      this.whole.set(inView, content);
    }
    return content;
  }

  private partingSet(watch: Watch, inView: NameList): BatchContent {
    const bySent = this.parting.get(inView) ?? new WeakMap<readonly EncodedResource[], Map<string, BatchContent>>();
    this.parting.set(inView, bySent);
    const byNames = bySent.get(watch.sentResources) ?? new Map<string, BatchContent>();
    bySent.set(watch.sentResources, byNames);
    const key = [...watch.parting].sort(compareText).join('\n');
    let content = byNames.get(key);
    if (!content) {
      content = batchContent(watch.type.url, withParting(watch, inView.names));
      byNames.set(key, content);
    }
    return content;
  }
}

/**
 * What is gone from the view stays in, with the bytes last sent, until routes and listeners have let go of it: leaving
 * it out would delete it (X32).
 */
function withParting(watch: Watch, names: readonly string[]): readonly EncodedResource[] {
  const kept = watch.sentResources.filter((resource) => watch.parting.has(resource.name));
  return [...pick(watch, names), ...kept].sort((a, b) => compareText(a.name, b.name));
}

function pick(watch: Watch, names: readonly string[]): EncodedResource[] {
  const resources: EncodedResource[] = [];
  for (const name of names) {
    const resource = watch.subscription.covers(name) && !watch.parting.has(name) ? watch.lookup(name) : undefined;
    if (resource) resources.push(resource);
  }
  return resources;
}
