import { filterNames, type NameList, nameList } from '../name-list.ts';
import type { SubscribeContext } from '../protocol.ts';
import type { Watch } from '../watch.ts';
import type { DeltaRequest } from './request.ts';

/**
 * Takes changes of the subscription into the watch. They count whatever the nonce (xDS specification; X50). Every name
 * subscribed to is owed, also one that the client should already have (X46).
 */
export function subscribeDelta(watch: Watch, request: DeltaRequest, context: SubscribeContext): void {
  const { subscription } = watch;
  const before = subscription.wildcard;
  if (context.isFirst && request.subscribe.isEmpty && request.unsubscribe.length === 0) {
    subscription.wildcard = true;
    subscription.legacy = true;
  }
  if (request.subscribe.hasWildcard) subscription.wildcard = true;
  subscription.names.add(request.subscribe, watch.view);
  const answers = request.unsubscribe.filter((name) => unsubscribe(watch, name));
  if (request.unsubscribe.length > 0) watch.forgetUncovered();
  watch.ask(nameList(answers));

  const listed = request.subscribe.list(watch.view);
  const asked = request.unsubscribe.length === 0 ? listed : subscription.select(listed);
  const becameWildcard = subscription.wildcard && !before;
  const wanted = becameWildcard ? subscription.everything(context.changes.names(watch.view)) : asked;
  if (context.isFirst && request.initialVersions.size > 0) watch.ask(lacking(watch, wanted, request.initialVersions));
  else {
    watch.ask(wanted);
    watch.answerDue ||= becameWildcard;
    watch.urgent ||= becameWildcard;
  }
}

/** True where the client must be told how it stands: it cannot know whether the wildcard still gives it the name (X44). */
function unsubscribe(watch: Watch, name: string): boolean {
  const { subscription } = watch;
  if (name === '*') {
    subscription.wildcard = false;
    subscription.legacy = false;
    return false;
  }
  return subscription.names.remove(name) && subscription.wildcard;
}

/** What a reconnecting client is to be sent: what it lacks or has in another version, and what it holds that is gone (X54). */
function lacking(watch: Watch, wanted: NameList, held: ReadonlyMap<string, string>): NameList {
  const missing = filterNames(wanted, (name) => {
    const resource = watch.lookup(name);
    return resource === undefined || held.get(name) !== resource.version;
  });
  if (!watch.subscription.wildcard) return missing;
  const gone = [...held.keys()].filter((name) => !watch.lookup(name));
  return gone.length === 0 ? missing : nameList([...missing.names, ...gone]);
}
