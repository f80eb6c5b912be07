import { compareText } from '../../model/config-object.ts';
import { noNames, remaining } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';

/**
 * The next state-of-the-world response: one whole message. Types whose absence means deletion are sent complete, the
 * others only with what is owed.
 */
export function planSotw(watch: Watch, context: PlanContext): Plan {
  const isComplete = watch.type.complete || watch.subscription.wildcard;
  const resources = isComplete ? completeSet(watch, context) : owedResources(watch);
  const batch = context.batches.batch({ typeUrl: watch.type.url, resources, removed: [] });
  const saysNothing = isComplete ? batch.version === watch.sentVersion && !watch.urgent : resources.length === 0;
  const mayBeSilent = !watch.answerDue || !isComplete;
  return { batch: saysNothing && mayBeSilent ? undefined : batch, rest: noNames };
}

/**
 * All that the client shall have. What is gone from the view stays in, with the bytes last sent, until routes and
 * listeners have let go of it: leaving it out would delete it (X32).
 */
function completeSet(watch: Watch, context: PlanContext): readonly EncodedResource[] {
  const { subscription, view } = watch;
  const resources: EncodedResource[] = [];
  if (subscription.wildcard && subscription.names.size === 0) resources.push(...wholeView(view, context));
  else for (const name of subscription.everything(context.changes.names(view)).names) push(resources, watch.lookup(name));
  if (watch.parting.size === 0) return resources;
  for (const resource of watch.sentResources) if (watch.parting.has(resource.name)) resources.push(resource);
  return resources.sort((a, b) => compareText(a.name, b.name));
}

function owedResources(watch: Watch): readonly EncodedResource[] {
  const resources: EncodedResource[] = [];
  for (const name of remaining(watch.owed)) {
    if (watch.subscription.covers(name) && !watch.parting.has(name)) push(resources, watch.lookup(name));
  }
  return resources;
}

function push(resources: EncodedResource[], resource: EncodedResource | undefined): void {
  if (resource) resources.push(resource);
}

function wholeView(view: ResourceView, context: PlanContext): EncodedResource[] {
  const resources: EncodedResource[] = [];
  for (const name of context.changes.names(view).names) push(resources, view.get(name));
  return resources;
}
