import type { Issue } from '../model/issue.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import type { ExplainWorld } from './explain-world.ts';
import type { Hop } from './explanation.ts';
import type { ResolvedName } from './resolve-name.ts';
import { allSteps, possibleEnds } from './walk-way.ts';

/** Kinds of which an object that is left out may be why a request goes another way. */
const routingKinds: ReadonlySet<string> = new Set([
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'PeerAuthentication',
  'Service',
]);

/** What is wrong with the objects on the way, and with those of the same namespaces that were left out because of errors. */
export function issuesOnWay(world: ExplainWorld, hop: Hop, name: ResolvedName): readonly Issue[] {
  const objects = new Set<string>();
  const namespaces = new Set([hop.proxy.name.split('/')[0] ?? '', world.mesh.settings.get().rootNamespace]);
  const note = (object: ObjectRef | undefined) => {
    if (object === undefined) return;
    objects.add(formatRef(object));
    namespaces.add(object.namespace);
  };
  note(name.source);
  for (const { origin, losers } of allSteps(hop)) {
    note(origin?.object);
    note(origin?.via?.object);
    for (const loser of losers) if (loser.origin) objects.add(formatRef(loser.origin.object));
  }
  for (const { end } of possibleEnds(hop.way)) for (const { origin } of end.receivers) note(origin?.object);
  return world.issues.get().filter(({ object, severity, code }) => {
    if (object === undefined || severity === 'info' || code === withoutEffect) return false;
    return objects.has(formatRef(object)) || (severity === 'error' && routingKinds.has(object.kind) && namespaces.has(object.namespace));
  });
}

/** Told as hints, with what it means for the request. */
export const withoutEffect = 'CXS0005';
