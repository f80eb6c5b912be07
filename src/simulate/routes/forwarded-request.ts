import type { RetryPolicy } from '../../envoy/generated/envoy/config/route/v3/RetryPolicy.ts';
import type { RouteAction } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import { chanceOf } from '../chance.ts';
import { durationMs } from '../duration-ms.ts';
import type { Exchange } from '../http/exchange.ts';
import { type HttpRequest, headerValue, pathOnly } from '../http/http-request.ts';
import type { ForwardedRequest, Mirror, Retries } from '../outcome.ts';
import type { Doubt } from '../three-valued.ts';
import type { RouteDecision } from './decision.ts';
import { requestHeaderChanges, responseHeaderChanges } from './header-changes.ts';
import { rewriteByExpression, rewritePrefix } from './rewrite.ts';

/** Envoy's own, where a route says nothing. */
const defaultTimeoutMs = 15_000;

/** What a route makes of a request for its cluster. */
export function forwardedRequest({ http }: Exchange, decision: RouteDecision): ForwardedRequest {
  const { host, compiled, weighted } = decision;
  const { route } = compiled;
  const action = route.route ?? {};
  const retries = retriesOf(action.retry_policy ?? host.retry_policy);
  return {
    method: http.method,
    host: rewrittenHost(http, action, weighted?.host_rewrite_literal),
    path: rewrittenPath(http, action, compiled.path.matched(http.path)),
    headerChanges: requestHeaderChanges(decision),
    responseHeaderChanges: responseHeaderChanges(decision),
    timeoutMs: action.timeout ? durationMs(action.timeout) : defaultTimeoutMs,
    ...(retries && { retries }),
  };
}

/** Copies of what takes the route. */
export function mirrorsOf({ table, host, compiled }: RouteDecision): readonly Mirror[] {
  const own = compiled.route.route?.request_mirror_policies ?? [];
  const inherited = (host.request_mirror_policies ?? []).length > 0 ? host.request_mirror_policies : table.request_mirror_policies;
  return (own.length > 0 ? own : (inherited ?? [])).map(({ cluster = '', runtime_fraction }) => ({
    cluster,
    share: runtime_fraction ? chanceOf(runtime_fraction.default_value) : 1,
  }));
}

/** What the route says goes before what one of its clusters says. */
function rewrittenHost(http: HttpRequest, action: RouteAction, ofCluster: string | undefined): string | Doubt {
  const { host_rewrite_literal, host_rewrite_header, host_rewrite_path_regex } = action;
  const host = ofCluster || http.host;
  if (host_rewrite_literal) return host_rewrite_literal;
  if (host_rewrite_header) return headerValue(http, host_rewrite_header.toLowerCase()) || host;
  if (!host_rewrite_path_regex) return host;
  const rewritten = rewriteByExpression(pathOnly(http.path), host_rewrite_path_regex);
  return rewritten === '' ? host : rewritten;
}

function rewrittenPath({ path }: HttpRequest, { prefix_rewrite, regex_rewrite }: RouteAction, matched: string): string | Doubt {
  if (prefix_rewrite) return rewritePrefix(path, matched, prefix_rewrite);
  return regex_rewrite ? rewriteByExpression(path, regex_rewrite) : path;
}

function retriesOf(policy: RetryPolicy | null | undefined): Retries | undefined {
  if (!policy?.retry_on) return undefined;
  const { num_retries, per_try_timeout } = policy;
  return {
    attempts: num_retries ? (num_retries.value ?? 0) : 1,
    on: policy.retry_on,
    ...(per_try_timeout && { perTryTimeoutMs: durationMs(per_try_timeout) }),
  };
}
