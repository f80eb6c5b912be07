import { refOf } from '../../model/config-object.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import { parseRulePlace } from '../../xds/rule-place.ts';
import { ask } from '../ask.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/**
 * The path of an Ingress behind a route. Its VirtualService was made here, of every Ingress with the host: the one with the route's own
 * path is meant.
 */
export function ingressRuleOrigin({ world }: ServedProxy, made: ObjectRef, rule: string | undefined): Origin | undefined {
  const key = `${made.namespace}/${made.name}`;
  const virtualService = ask(world.mesh.engine, (read) => read(world.mesh.virtualServices.merged.at(key)))?.virtualService;
  const uri = virtualService?.http[parseRulePlace(rule ?? '')?.rule ?? 0]?.match?.[0]?.uri;
  const wanted = uri?.exact ?? uri?.prefix;
  for (const ingress of world.table('Ingress').get().values()) {
    if (ingress.namespace !== made.namespace) continue;
    for (const [at, { host = '*', http }] of (ingress.spec.spec?.rules ?? []).entries()) {
      if (!(virtualService?.hosts ?? []).includes(host || '*')) continue;
      const path = (http?.paths ?? []).findIndex(({ path: own = '' }) => wanted === undefined || own.replace(/(\/|\.)\*$/, '') === wanted);
      if (path >= 0) return locateOrigin(world, refOf(ingress), ['spec', 'rules', at, 'http', 'paths', path]);
    }
  }
  return undefined;
}
