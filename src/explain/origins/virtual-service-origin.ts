import type { ObjectRef } from '../../model/object-ref.ts';
import type { TcpRoute, TlsRoute } from '../../schema/virtual-service/virtual-service.ts';
import { parseRulePlace, type RulePlace } from '../../xds/rule-place.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';

/** The rule of a VirtualService that made a route; of a delegate where the rule hands over to one. */
export function httpRuleOrigin(world: ExplainWorld, source: ObjectRef, rule: string): Origin {
  const place = parseRulePlace(rule);
  if (place === undefined) return locateOrigin(world, source);
  const own = locateOrigin(world, source, pathOf(place));
  if (place.delegate === undefined) return own;
  const { namespace, name } = place.delegate;
  return { ...locateOrigin(world, { kind: 'VirtualService', namespace, name }, pathOf(place.delegate)), via: own };
}

function pathOf({ rule, match }: Pick<RulePlace, 'rule' | 'match'>): Origin['path'] {
  return ['spec', 'http', rule, ...(match === undefined ? [] : ['match', match])];
}

/** The TLS or TCP rule behind a filter chain: the chain itself names the object alone, so that no edit of it ends connections. */
export function l4RuleOrigin(
  world: ExplainWorld,
  source: ObjectRef,
  chain: { readonly serverNames: readonly string[]; readonly port: number },
): Origin {
  const spec = world.table('VirtualService').lookup(`${source.namespace}/${source.name}`)?.spec;
  const tls = (spec?.tls ?? []).flatMap((rule, index) => {
    const match = rule.match.findIndex((each) => sameNames(each.sniHosts, chain.serverNames) && fitsPort(each.port, chain.port));
    return match < 0 ? [] : [['spec', 'tls', index, 'match', match] as const];
  })[0];
  if (tls !== undefined) return locateOrigin(world, source, tls);
  const tcp = (spec?.tcp ?? []).findIndex((rule) => appliesTo(rule, chain.port));
  return locateOrigin(world, source, tcp < 0 ? [] : ['spec', 'tcp', tcp]);
}

function appliesTo({ match = [] }: TcpRoute | TlsRoute, port: number): boolean {
  return match.length === 0 || match.some((each) => fitsPort(each.port, port));
}

function fitsPort(wanted: number | undefined, port: number): boolean {
  return wanted === undefined || wanted === 0 || wanted === port;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
