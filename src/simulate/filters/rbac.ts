import type { RBAC } from '../../envoy/generated/envoy/extensions/filters/http/rbac/v3/RBAC.ts';
import { messageOf } from '../any-message.ts';
import { isGrpc } from '../http/http-request.ts';
import { localReply } from '../http/local-reply.ts';
import { evaluateRules } from '../rbac/evaluate-rules.ts';
import { isDoubt } from '../three-valued.ts';
import type { FilterEvaluator } from './http-filter.ts';

const type = 'envoy.extensions.filters.http.rbac.v3.RBAC';
const perRouteType = 'envoy.extensions.filters.http.rbac.v3.RBACPerRoute';

/** Lets requests through or refuses them by who sends them and what they ask for. */
export const rbacFilter: FilterEvaluator = {
  types: [type],
  evaluate: ({ exchange, config, perRoute, at }) => {
    const own = messageOf<{ readonly rbac?: RBAC | null }>(perRoute, perRouteType)?.rbac ?? messageOf<RBAC>(config, type);
    if (own?.matcher) return { why: 'not evaluated', notes: ['it may refuse the request: it decides by a tree of matchers'] };
    if (!own?.rules) return {};
    const verdict = evaluateRules(own.rules, exchange.input, exchange.http);
    if (isDoubt(verdict.isAllowed)) return { why: verdict.why, unknown: verdict.why };
    if (verdict.isAllowed) return { why: verdict.why };
    const body = 'RBAC: access denied';
    const answered = localReply(isGrpc(exchange.http), { by: 'access denied', status: 403, body, at });
    return { why: verdict.why, answer: { probability: 1, because: verdict.why, answered } };
  },
};
