/** Rules on one HTTP rule of a VirtualService, after Istio's validateHTTPRoute. */

import type { Path } from '../field/parse-context.ts';
import { checkMillisecondPrecision } from '../parts/duration-checks.ts';
import { checkHeaders, isAuthority, wrongMatchedHeader } from '../parts/header-checks.ts';
import { isDnsLabel, wrongPort } from '../parts/host-checks.ts';
import { checkRetry } from '../parts/http-retry-checks.ts';
import { checkLabels } from '../parts/label-checks.ts';
import { checkDestination, checkWeightedDestinations } from '../parts/route-destination-checks.ts';
import { checkStringMatch } from '../parts/string-match-checks.ts';
import type { Report } from '../report.ts';
import { checkGatewayNames } from './gateway-names.ts';
import type { HttpMatch } from './http-match.ts';
import type { HttpRoute } from './http-route.ts';
import { checkCors, checkDirectResponse, checkFault, checkMirrorPercentage, checkRedirect, checkRewrite } from './validate-http-actions.ts';

export function checkHttpRoute(route: HttpRoute, isDelegate: boolean, path: Path, report: Report): void {
  checkActions(route, isDelegate, path, report);
  for (const [i, match] of (route.match ?? []).entries()) checkMatch(match, [...path, 'match', i], report);
  checkHeaders(route.headers, [...path, 'headers'], report);
  if (route.corsPolicy) checkCors(route.corsPolicy, [...path, 'corsPolicy'], report);
  if (route.fault) checkFault(route.fault, [...path, 'fault'], report);
  if (route.redirect) checkRedirect(route.redirect, route.match ?? [], [...path, 'redirect'], report);
  if (route.directResponse) checkDirectResponse(route.directResponse, [...path, 'directResponse'], report);
  if (route.rewrite) checkRewrite(route.rewrite, [...path, 'rewrite'], report);
  checkAuthoritySetOnce(route, path, report);
  checkRetry(route.retries, [...path, 'retries'], report);
  checkMillisecondPrecision(route.timeout, [...path, 'timeout'], report);
  checkWeightedDestinations(route.route ?? [], [...path, 'route'], report);
  for (const [i, { headers }] of (route.route ?? []).entries()) checkHeaders(headers, [...path, 'route', i, 'headers'], report);
  checkMirrors(route, path, report);
}

/** Which actions exclude each other. */
function checkActions(route: HttpRoute, isDelegate: boolean, path: Path, report: Report): void {
  const { redirect, directResponse, delegate } = route;
  if (delegate && isDelegate) report.error([...path, 'delegate'], 'is not possible in a VirtualService that is itself a delegate');
  if (delegate && !isDelegate) {
    if (redirect) report.error([...path, 'redirect'], 'is not possible beside delegate');
    if (route.route) report.error([...path, 'route'], 'is not possible beside delegate');
    return;
  }
  const action = redirect ? 'redirect' : directResponse ? 'directResponse' : undefined;
  if (action) {
    const excluded = { route: (route.route?.length ?? 0) > 0, fault: !!route.fault, rewrite: !!route.rewrite };
    for (const [name, isSet] of Object.entries(excluded)) if (isSet) report.error([...path, name], `is not possible beside ${action}`);
    if (redirect && directResponse) report.error([...path, 'directResponse'], 'is not possible beside redirect');
  } else if (!route.route?.length) {
    report.error(path, 'must have a route, redirect or directResponse');
  }
  if (route.mirror && route.mirrors?.length) report.error(path, 'may have only one of mirror and mirrors');
}

function checkMatch(match: HttpMatch, path: Path, report: Report): void {
  for (const part of ['headers', 'withoutHeaders'] as const) {
    const headers = match[part];
    for (const name in headers) {
      const wrong = wrongMatchedHeader(name);
      if (wrong !== undefined) report.error([...path, part, name], wrong);
      checkStringMatch(headers[name], [...path, part, name], report, { allowsStar: part === 'withoutHeaders' });
    }
  }
  checkStringMatch(match.uri, [...path, 'uri'], report, { allowsEmptyPrefix: true });
  for (const part of ['scheme', 'method', 'authority'] as const) checkStringMatch(match[part], [...path, part], report);
  const { queryParams, port, sourceNamespace } = match;
  for (const name in queryParams) checkStringMatch(queryParams[name], [...path, 'queryParams', name], report);
  if (port && wrongPort(port) !== undefined) report.error([...path, 'port'], wrongPort(port)!);
  checkLabels(match.sourceLabels, [...path, 'sourceLabels'], report);
  checkGatewayNames(match.gateways, [...path, 'gateways'], report);
  if (sourceNamespace && !isDnsLabel(sourceNamespace)) report.error([...path, 'sourceNamespace'], 'must be the name of a namespace');
}

function checkAuthoritySetOnce(route: HttpRoute, path: Path, report: Report): void {
  let isSet = !!route.rewrite?.authority;
  for (const action of ['set', 'add'] as const) {
    for (const name in route.headers?.request?.[action]) {
      if (!isAuthority(name)) continue;
      if (isSet) report.error([...path, 'headers', 'request', action, name], 'sets the authority a second time');
      isSet = true;
    }
  }
}

function checkMirrors(route: HttpRoute, path: Path, report: Report): void {
  checkDestination(route.mirror, [...path, 'mirror'], report);
  for (const [i, mirror] of (route.mirrors ?? []).entries()) {
    checkDestination(mirror.destination, [...path, 'mirrors', i, 'destination'], report);
    checkMirrorPercentage(mirror.percentage, [...path, 'mirrors', i, 'percentage'], report);
  }
  checkMirrorPercentage(route.mirrorPercentage, [...path, 'mirrorPercentage'], report);
  if (route.mirrorPercent === undefined) return;
  if (route.mirrorPercent > 100) report.error([...path, 'mirrorPercent'], 'must be at most 100');
  report.warn([...path, 'mirrorPercent'], 'is deprecated', 'use mirrorPercentage');
}
