import { filterNames, nameList } from '../name-list.ts';
import type { SubscribeContext } from '../protocol.ts';
import type { Watch } from '../watch.ts';
import type { SotwRequest } from './request.ts';

/**
 * Takes a full list of names into the watch. Fewer names ask for no response (X15); new ones are owed, also where the
 * client had them before (X16). A stale nonce makes no difference: the list is what the client wants (X10).
 */
export function subscribeSotw(watch: Watch, request: SotwRequest, context: SubscribeContext): void {
  const { subscription } = watch;
  if (!context.isFirst && isSameList(watch.lastNames, request.names)) {
    repeatWhereAskedAfresh(watch, request, context);
    return;
  }
  if (context.isFirst) {
    subscription.legacy = request.names.length === 0;
    watch.answerDue = true;
    watch.urgent = true;
  } else if (request.names.length === 0 && subscription.legacy) {
    repeatWhereAskedAfresh(watch, request, context);
    return;
  } else subscription.legacy = false;

  const wanted = new Set(request.names);
  const wasWildcard = subscription.wildcard;
  subscription.wildcard = subscription.legacy || wanted.delete('*');
  for (const name of subscription.names) if (!wanted.has(name)) subscription.names.delete(name);
  const added = filterNames(nameList(wanted), (name) => !subscription.names.has(name));
  for (const name of added.names) subscription.add(name, watch.view);
  watch.lastNames = inTextsOf(subscription.names, request.names);

  if (subscription.wildcard && !wasWildcard) watch.ask(subscription.everything(context.changes.names(watch.view)));
  else watch.ask(wasWildcard ? filterNames(added, (name) => !watch.view.get(name)) : added);
  watch.forgetUncovered();
  repeatWhereAskedAfresh(watch, request, context);
}

/** An empty nonce after a response was sent: the client begins again and is owed all of it (Istio takes this for a first request). */
function repeatWhereAskedAfresh(watch: Watch, request: SotwRequest, context: SubscribeContext): void {
  if (context.isFirst || request.nonce !== '' || watch.sentNonce === '') return;
  watch.ask(watch.subscription.everything(context.changes.names(watch.view)));
  watch.answerDue ||= watch.type.complete;
}

/** What most requests are: acknowledgements that repeat a list of thousands. */
function isSameList(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((name, index) => name === b[index]);
}

/** The same names in texts that are held anyway: those of a request are a copy per stream. */
function inTextsOf(known: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  const texts = new Map([...known].map((text) => [text, text]));
  return names.map((name) => texts.get(name) ?? name);
}
