import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { throughCluster } from '../clusters/through-cluster.ts';
import type { Exchange } from '../http/exchange.ts';
import { isGrpc } from '../http/http-request.ts';
import { localReply, withHeaderChanges } from '../http/local-reply.ts';
import type { Answered } from '../outcome.ts';
import type { Simulation } from '../simulation.ts';
import { branched, ended } from '../steps.ts';
import { isDoubt } from '../three-valued.ts';
import type { ClusterWeight, Decision, RouteDecision } from './decision.ts';
import { directBody } from './direct-body.ts';
import { forwardedRequest, mirrorsOf } from './forwarded-request.ts';
import { responseHeaderChanges } from './header-changes.ts';
import { redirectLocation, redirectStatus } from './redirect.ts';

/** What the router does at the end of the filter chain. */
export function finish(exchange: Exchange, decision: Decision): Simulation {
  const reply = (answer: Omit<Answered, 'kind' | 'at'>): Simulation =>
    ended([], withHeaderChanges(localReply(isGrpc(exchange.http), { ...answer, at: decision.at }), responseHeaderChanges(decision)));
  const { http } = exchange;
  if (decision.kind === 'redirect to TLS') return reply({ by: decision.kind, status: 301, location: `https://${http.host}${http.path}` });
  if (decision.kind !== 'route') return reply({ by: decision.kind, status: 404 });
  const { route } = decision.compiled;
  if (route.redirect) {
    const location = redirectLocation(decision.compiled, http);
    if (isDoubt(location)) return ended([], { kind: 'unknown', because: location.doubt, at: decision.at });
    return reply({ by: 'redirect', status: redirectStatus(route.redirect), location });
  }
  if (route.direct_response) {
    const body = directBody(route.direct_response);
    return reply({ by: 'direct response', status: route.direct_response.status ?? 200, ...(body !== undefined && { body }) });
  }
  if (route.route) return toClusters(exchange, decision);
  return ended([], { kind: 'unknown', because: 'the route has no action that is known', at: decision.at });
}

/** The clusters of a route with their shares; undefined: there is one, or none. */
export function weightsOf({ route }: Route): readonly { readonly entry: ClusterWeight; readonly weight: number }[] | undefined {
  return route?.weighted_clusters?.clusters?.map((entry) => ({ entry, weight: entry.weight?.value ?? 0 }));
}

function toClusters(exchange: Exchange, decision: RouteDecision): Simulation {
  const { route } = decision.compiled;
  const weights = decision.weighted === undefined ? weightsOf(route) : undefined;
  if (weights === undefined) return toCluster(exchange, decision);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  return branched(
    weights.map(({ entry, weight }) => ({
      probability: total === 0 ? 0 : weight / total,
      because: `weight ${weight} of ${total}`,
      way: weight === 0 ? { steps: [], end: [] } : toCluster(exchange, { ...decision, weighted: entry }),
    })),
  );
}

function toCluster(exchange: Exchange, decision: RouteDecision): Simulation {
  const { context, http, input, isRestored } = exchange;
  const action = decision.compiled.route.route ?? {};
  const byHeader = decision.weighted?.cluster_header || action.cluster_header;
  const name = decision.weighted?.name || action.cluster || (byHeader ? (http.headers.get(byHeader.toLowerCase())?.[0] ?? '') : undefined);
  if (name === undefined) return ended([], { kind: 'unknown', because: 'an extension chooses the cluster', at: decision.at });
  return throughCluster(context, {
    name,
    from: decision.at,
    why: byHeader ? `the header ${byHeader} names it` : 'the route names it',
    input,
    isRestored,
    http: {
      request: http,
      forwarded: forwardedRequest(exchange, decision),
      missingStatus: missingStatus(action.cluster_not_found_response_code),
    },
    mirrors: mirrorsOf(decision),
  });
}

function missingStatus(code: string | number | undefined): number {
  if (code === 'NOT_FOUND' || code === 1) return 404;
  return code === 'INTERNAL_SERVER_ERROR' || code === 2 ? 500 : 503;
}
