import { type Labels, selects } from '../../model/labels.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { ExplainWorld } from '../explain-world.ts';
import { lookup } from '../explain-world.ts';
import type { Hint } from '../explanation.ts';
import { withoutEffect } from '../issues-on-way.ts';
import { locateOrigin } from '../locate-origin.ts';
import { hostOf } from '../receivers.ts';
import { possibleEnds } from '../walk-way.ts';
import type { FindHints } from './hint-context.ts';

interface Party {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Objects that would have a say in Istio and are not translated yet. */
export const kindsWithoutEffect: FindHints = ({ proxy, way }) => {
  const { world, subject, scopes } = proxy;
  const receivers = possibleEnds(way).flatMap(({ end }) => end.receivers.flatMap(({ address }) => world.workloadAt(hostOf(address)) ?? []));
  const parties: readonly Party[] = [{ namespace: subject.namespace, labels: scopes.labels }, ...receivers];
  return world.issues
    .get()
    .filter(({ code }) => code === withoutEffect)
    .flatMap(({ object, message }): readonly Hint[] => {
      if (object === undefined || !parties.some((party) => holdsFor(world, object, party))) return [];
      return [
        {
          message: `${object.kind} ${object.namespace}/${object.name} would have a say here: ${message}`,
          origin: locateOrigin(world, object),
        },
      ];
    });
};

/** By namespace and selector, as nearly all of these kinds choose their workloads. */
function holdsFor(world: ExplainWorld, object: ObjectRef, { namespace, labels }: Party): boolean {
  if (object.namespace !== namespace && object.namespace !== world.mesh.settings.get().rootNamespace) return false;
  const spec = lookup(world, object)?.spec as { readonly selector?: Selector; readonly workloadSelector?: Selector } | undefined;
  const { matchLabels, labels: own } = spec?.selector ?? spec?.workloadSelector ?? {};
  return selects(matchLabels ?? own ?? {}, labels);
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly labels?: Labels;
}
