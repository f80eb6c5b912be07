import { compareText } from '../../model/config-object.ts';
import { type BatchContent, batchContent } from '../batch.ts';
import { type NameList, noNames } from '../name-list.ts';
import type { Plan, PlanContext } from '../protocol.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import type { Watch } from '../watch.ts';

interface Named {
  readonly view: ResourceView;
  readonly revision: number;
  readonly content: BatchContent;
  readonly rest: NameList;
}

/**
 * A response to names is closed when it reaches this size: half of what gRPC clients accept by default. Envoy and they take what
 * a response of these types lacks for unchanged. Not as small as in delta: every answer repeats all names.
 */
const maxNamedBytes = 2 * 1024 * 1024;

/**
 * Plans the next state-of-the-world response. Types whose absence means deletion are sent complete, in one message; the
 * others only with what is owed, as much as fits. Streams in the same situation hold the same lists, under which the content is found.
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
    if (!isComplete) {
      const { content, rest } = this.owedSet(watch);
      return { batch: content.resources.length > 0 ? context.batches.batch(content) : undefined, rest };
    }
    const content = this.completeSet(watch, context);
    const isNews = watch.answerDue || watch.urgent || content.version !== watch.sentVersion;
    return { batch: isNews ? context.batches.batch(content) : undefined, rest: noNames };
  }

  private owedSet(watch: Watch): Named {
    const { owed, view, revision } = watch;
    const known = this.named.get(owed);
    if (known?.view === view && known.revision === revision && watch.parting.size === 0) return known;
    const resources: EncodedResource[] = [];
    let at = owed.from;
    for (let bytes = 0; at < owed.names.length && bytes < maxNamedBytes; at++) {
      const resource = resourceOf(watch, owed.names[at] as string);
      if (!resource) continue;
      resources.push(resource);
      bytes += resource.any.length;
    }
    const named: Named = { view, revision, content: batchContent(watch.type.url, resources), rest: { names: owed.names, from: at } };
    if (watch.parting.size === 0) this.named.set(owed, named);
    return named;
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
    const resource = resourceOf(watch, name);
    if (resource) resources.push(resource);
  }
  return resources;
}

function resourceOf(watch: Watch, name: string): EncodedResource | undefined {
  return watch.subscription.covers(name) && !watch.parting.has(name) ? watch.lookup(name) : undefined;
}
