import { compareText } from '../../model/config-object.ts';
import { type BatchContent, batchContent } from '../batch.ts';
import { type NameList, noNames, remaining } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource } from '../resource-source.ts';
import type { Watch } from '../watch.ts';

/**
 * Plans the next state-of-the-world response: one whole message. Types whose absence means deletion are sent complete,
 * the others only with what is owed.
 */
export class SotwPlanner {
  /** Whole views, under their list of names: that is another one after each change. */
  private readonly shared = new WeakMap<NameList, BatchContent>();

  plan(watch: Watch, context: PlanContext): Plan {
    const isComplete = watch.type.complete || watch.subscription.wildcard;
    const content = isComplete ? this.completeSet(watch, context) : batchContent(watch.type.url, pick(watch, remaining(watch.owed)));
    const isNews = isComplete ? watch.answerDue || watch.urgent || content.version !== watch.sentVersion : content.resources.length > 0;
    return { batch: isNews ? context.batches.batch(content) : undefined, rest: noNames };
  }

  private completeSet(watch: Watch, context: PlanContext): BatchContent {
    const inView = context.changes.names(watch.view);
    const everything = watch.subscription.everything(inView);
    if (watch.parting.size > 0) return batchContent(watch.type.url, withParting(watch, everything.names));
    if (everything !== inView) return batchContent(watch.type.url, pick(watch, everything.names));
    const known = this.shared.get(inView);
    if (known) return known;
    const content = batchContent(watch.type.url, pick(watch, inView.names));
    this.shared.set(inView, content);
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
