import { filterNames } from '../name-list.ts';
import type { SubscribeContext } from '../protocol.ts';
import type { Watch } from '../watch.ts';
import type { SotwRequest } from './request.ts';

/**
 * Takes a full list of names into the watch. Fewer names ask for no response (X15); new ones are owed, also where the
 * client had them before (X16). A stale nonce makes no difference: the list is what the client wants (X10).
 */
export function subscribeSotw(watch: Watch, request: SotwRequest, context: SubscribeContext): void {
  const { subscription } = watch;
  if (context.isFirst) {
    subscription.legacy = request.names.isEmpty;
    watch.answerDue = true;
    watch.urgent = true;
    takeList(watch, request, context);
  } else if (request.names !== watch.requested && !(request.names.isEmpty && subscription.legacy)) {
    subscription.legacy = false;
    takeList(watch, request, context);
  }
  repeatWhereAskedAfresh(watch, request, context);
}

function takeList(watch: Watch, { names }: SotwRequest, context: SubscribeContext): void {
  const { subscription, view, requested } = watch;
  const wasWildcard = subscription.wildcard;
  const added = requested ? names.notIn(requested, view) : names.list(view);
  watch.requested = names;
  subscription.wildcard = subscription.legacy || names.hasWildcard;
  subscription.names.replace(names, view);
  if (subscription.wildcard && !wasWildcard) watch.ask(subscription.everything(context.changes.names(view)));
  else watch.ask(wasWildcard ? filterNames(added, (name) => !view.get(name)) : added);
  if (requested) watch.forgetUncovered();
}

/** An empty nonce after a response was sent: the client begins again and is owed all of it (Istio takes this for a first request). */
function repeatWhereAskedAfresh(watch: Watch, request: SotwRequest, context: SubscribeContext): void {
  if (context.isFirst || request.nonce !== '' || watch.sentNonce === '') return;
  watch.ask(watch.subscription.everything(context.changes.names(watch.view)));
  watch.answerDue ||= watch.type.complete;
}
