import type { RuleOrigin } from '../mesh/routing/resolved-virtual-service.ts';

/** Which rule of a VirtualService, and which of its matches, made a route. */
export interface RulePlace {
  readonly rule: number;
  /** Absent: the rule has none. */
  readonly match?: number;
  /** The rule handed over to a delegate, and that one's rule decides. */
  readonly delegate?: { readonly namespace: string; readonly name: string } & Pick<RulePlace, 'rule' | 'match'>;
}

/** Where the HTTP rule behind a route stands; `matchIndex` counts the matches of the rule as it is after merging. */
export function httpRulePlace(origin: RuleOrigin, matchIndex: number | undefined): RulePlace {
  const { delegatedBy } = origin;
  if (delegatedBy === undefined) return placeIn(origin, matchIndex);
  const { namespace, name } = origin.source;
  return { ...placeIn(delegatedBy, matchIndex), delegate: { namespace, name, ...placeIn(origin, matchIndex) } };
}

function placeIn({ index, matches }: RuleOrigin, matchIndex: number | undefined): Pick<RulePlace, 'rule' | 'match'> {
  const match = matchIndex === undefined || matches === undefined ? matchIndex : matches[matchIndex];
  return { rule: index, ...(match !== undefined && { match }) };
}

/** As the metadata of routes says it: `http[1].match[0]`, with a delegate `http[0].match[0] team/part http[2]`. */
export function formatRulePlace({ rule, match, delegate }: RulePlace): string {
  const own = `http[${rule}]${match === undefined ? '' : `.match[${match}]`}`;
  return delegate === undefined ? own : `${own} ${delegate.namespace}/${delegate.name} ${formatRulePlace(delegate)}`;
}

/** Undefined where the text is none of ours. */
export function parseRulePlace(text: string): RulePlace | undefined {
  const [own = '', owner, inner] = text.split(' ');
  const place = parseOne(own);
  if (place === undefined || owner === undefined) return place;
  const [namespace, name] = owner.split('/');
  const delegated = parseOne(inner ?? '');
  if (delegated === undefined || namespace === undefined || name === undefined) return undefined;
  return { ...place, delegate: { namespace, name, ...delegated } };
}

function parseOne(text: string): Pick<RulePlace, 'rule' | 'match'> | undefined {
  const [, rule, match] = /^http\[(\d+)\](?:\.match\[(\d+)\])?$/.exec(text) ?? [];
  return rule === undefined ? undefined : { rule: Number(rule), ...(match !== undefined && { match: Number(match) }) };
}
