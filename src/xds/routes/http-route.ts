import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { HttpRule } from '../../mesh/routing/resolved-virtual-service.ts';
import { buildConfigMetadata } from '../config-metadata.ts';
import { formatRulePlace, httpRulePlace } from '../rule-place.ts';
import { buildCors, corsFilterName } from './cors-filter.ts';
import { buildDirectResponse } from './direct-response.ts';
import { buildFault, faultFilterName } from './fault-filter.ts';
import { type HeaderFields, joinHeaders, translateHeaders } from './header-operations.ts';
import { buildRedirect } from './redirect-action.ts';
import { buildRouteAction } from './route-action.ts';
import { findDestinationService, type HttpRouteInput } from './route-input.ts';
import { buildRouteMatch } from './route-match.ts';
import { routeOperation } from './route-operation.ts';
import { type SessionPerFilterConfig, sessionOfDestinations } from './stateful-session.ts';

/**
 * The route of one rule under one of its matches, undefined where it has none (Istio `TranslateRoute`); the caller has checked that the
 * match applies to the proxy.
 */
export function buildHttpRoute(rule: HttpRule, matchIndex: number | undefined, input: HttpRouteInput): Route {
  const match = matchIndex === undefined ? undefined : rule.match?.[matchIndex];
  const { virtualService, listenerPort } = input;
  const routeMatch = buildRouteMatch(match, virtualService.semantics);
  const name = match?.name ? `${rule.name ?? ''}.${match.name}` : (rule.name ?? '');
  const own = translateHeaders(rule.headers);
  const { action, headers } = buildAction(rule, routeMatch, own.authority, input);
  const advertised =
    input.isHttp3 === true ? joinHeaders(joinHeaders(own.fields, headers), http3Header(listenerPort)) : joinHeaders(own.fields, headers);
  const perFilter = { ...buildPerFilterConfig(rule), ...sessionOf(rule, input) };
  return {
    ...(name !== '' && { name }),
    match: routeMatch,
    ...action,
    metadata: buildConfigMetadata(virtualService.source, formatRulePlace(httpRulePlace(rule.origin, matchIndex))),
    decorator: { operation: routeOperation({ match: routeMatch, ...action }, virtualService.name, listenerPort) },
    ...(match?.statPrefix && { stat_prefix: match.statPrefix }),
    ...advertised,
    ...(Object.keys(perFilter).length > 0 && { typed_per_filter_config: perFilter }),
  };
}

interface BuiltAction {
  readonly action: Pick<Route, 'redirect' | 'direct_response' | 'route'>;
  readonly headers: HeaderFields;
}

function buildAction(
  rule: HttpRule,
  match: NonNullable<Route['match']>,
  authority: string | undefined,
  input: HttpRouteInput,
): BuiltAction {
  if (rule.redirect !== undefined) {
    const redirect = buildRedirect(rule.redirect, input.listenerPort, input.isTls === true);
    return { action: redirect === undefined ? { direct_response: nowhere } : { redirect }, headers: {} };
  }
  if (rule.directResponse !== undefined) return { action: { direct_response: buildDirectResponse(rule.directResponse) }, headers: {} };
  const built = buildRouteAction(rule, match, authority, input);
  if (built === undefined) return { action: { direct_response: nowhere }, headers: {} };
  return { action: { route: built.action }, headers: built.headers };
}

/** Envoy refuses a route without action, and with it the whole table. Such a route answers as one whose cluster is missing. */
const nowhere = { status: 503 } as const;

function buildPerFilterConfig(rule: HttpRule): NonNullable<Route['typed_per_filter_config']> {
  const fault = rule.fault && buildFault(rule.fault);
  return {
    ...(fault && { [faultFilterName]: fault }),
    ...(rule.corsPolicy && { [corsFilterName]: buildCors(rule.corsPolicy) }),
  };
}

/** Sessions with the destinations that requests can go to. */
function sessionOf(rule: HttpRule, input: HttpRouteInput): SessionPerFilterConfig {
  if (!input.settings.flags.PILOT_ENABLE_PERSISTENT_SESSION_FILTER || rule.redirect || rule.directResponse) return {};
  const route = rule.route ?? [];
  const reached = route.length === 1 ? route : route.filter(({ weight }) => (weight ?? 0) > 0);
  const services = reached.map(({ destination }) => findDestinationService(destination.host, input));
  return sessionOfDestinations(services, input.settings);
}

/** Tells clients for a day that HTTP/3 is spoken on the same port. */
function http3Header(port: number): HeaderFields {
  return { response_headers_to_add: [{ header: { key: 'alt-svc', value: `h3=":${port}"; ma=86400` } }] };
}
