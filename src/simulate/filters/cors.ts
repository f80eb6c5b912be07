import type { CorsPolicy } from '../../envoy/generated/envoy/extensions/filters/http/cors/v3/CorsPolicy.ts';
import { messageOf } from '../any-message.ts';
import { chanceOf } from '../chance.ts';
import { headerValue } from '../http/http-request.ts';
import { matchText } from '../matching/text-matcher.ts';
import { anyOf, isDoubt } from '../three-valued.ts';
import { wrappedBool } from '../wrapped.ts';
import type { FilterEvaluator, FilterInput, FilterResult } from './http-filter.ts';

const policyType = 'envoy.extensions.filters.http.cors.v3.CorsPolicy';

/** Answers the preflights of browsers. It looks at routes that lead somewhere only. */
export const corsFilter: FilterEvaluator = {
  types: ['envoy.extensions.filters.http.cors.v3.Cors'],
  evaluate: (input) => {
    const policies = input.allPerRoute.flatMap((any) => messageOf<CorsPolicy>(any, policyType) ?? []);
    const [closest] = policies;
    const leadsSomewhere = input.decision.kind === 'route' && input.decision.compiled.route.route;
    if (closest === undefined || !leadsSomewhere) return {};
    const enabled = closest.filter_enabled ? chanceOf(closest.filter_enabled.default_value) : 1;
    return enabled === 0 ? {} : preflight(policies, input, enabled);
  },
};

function preflight(policies: readonly CorsPolicy[], { exchange, at }: FilterInput, enabled: number): FilterResult {
  const { http } = exchange;
  const origin = headerValue(http, 'origin') ?? '';
  if (origin === '') return {};
  const matchers = policies.find(({ allow_origin_string_match: list }) => (list ?? []).length > 0)?.allow_origin_string_match ?? [];
  const compiled = matchers.map(matchText);
  const isAllowed = anyOf(compiled.flatMap((matcher) => [() => matcher.holds('*'), () => matcher.holds(origin)]));
  const isPreflight = http.method === 'OPTIONS' && (headerValue(http, 'access-control-request-method') ?? '') !== '';
  if (isDoubt(isAllowed)) {
    const why = `whether the origin ${origin} is allowed nobody can say`;
    return isPreflight ? { why, unknown: isAllowed.doubt } : { why, notes: [isAllowed.doubt] };
  }
  if (!isPreflight) return { why: isAllowed ? `the origin ${origin} is allowed` : `the origin ${origin} is told nothing` };
  const forwarding = policies.find(({ forward_not_matching_preflights: forward }) => forward);
  const forwards = wrappedBool(forwarding?.forward_not_matching_preflights, true);
  if (!isAllowed && forwards) return { why: `the origin ${origin} is not allowed, so its preflight is passed on` };
  const because = `a preflight of ${isAllowed ? '' : 'another origin than '}${isAllowed ? origin : 'those allowed'}`;
  return { why: because, answer: { probability: enabled, because, answered: { kind: 'answered', by: 'CORS preflight', status: 200, at } } };
}
