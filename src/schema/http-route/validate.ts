/** Rules on an HTTPRoute beyond its structure, after the CEL rules of its CRD. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { checkBackendPort, checkFilter, checkSessionPersistence } from '../parts/gateway-api-checks.ts';
import { wrongRegex } from '../parts/string-match-checks.ts';
import { Report } from '../report.ts';
import type { HttpPathMatch, HttpRoute, HttpRouteFilter, HttpRouteMatch, HttpRouteRule, PathModifier } from './http-route.ts';

export function validateHttpRoute(object: ConfigObject<HttpRoute>): readonly Issue[] {
  const report = new Report();
  for (const [i, rule] of (object.spec.rules ?? []).entries()) checkRule(rule, ['spec', 'rules', i], report);
  return report.issues;
}

function checkRule(rule: HttpRouteRule, path: Path, report: Report): void {
  const { matches = [], filters = [], backendRefs = [], timeouts } = rule;
  for (const [i, match] of matches.entries()) checkMatch(match, [...path, 'matches', i], report);
  checkFilters(filters, matches, [...path, 'filters'], report);
  for (const [i, ref] of backendRefs.entries()) {
    checkBackendPort(ref, [...path, 'backendRefs', i], report);
    checkFilters(ref.filters ?? [], matches, [...path, 'backendRefs', i, 'filters'], report);
  }
  if (backendRefs.length > 0 && filters.some((filter) => filter.requestRedirect)) {
    report.error([...path, 'backendRefs'], 'is not possible beside a RequestRedirect filter');
  }
  const requestMs = parseDurationMs(timeouts?.request ?? '0s') ?? 0;
  const backendMs = parseDurationMs(timeouts?.backendRequest ?? '0s') ?? 0;
  if (requestMs > 0 && backendMs > requestMs) report.error([...path, 'timeouts', 'backendRequest'], 'must not be longer than request');
  checkSessionPersistence(rule.sessionPersistence, [...path, 'sessionPersistence'], report);
}

function checkMatch(match: HttpRouteMatch, path: Path, report: Report): void {
  if (match.path) checkPath(match.path, [...path, 'path'], report);
  for (const part of ['headers', 'queryParams'] as const) {
    for (const [i, { type, value }] of (match[part] ?? []).entries()) {
      const wrong = type === 'RegularExpression' ? wrongRegex(value) : undefined;
      if (wrong !== undefined) report.error([...path, part, i, 'value'], wrong);
    }
  }
}

const odd: readonly string[] = ['//', '/./', '/../', '%2f', '%2F', '#'];

function checkPath({ type = 'PathPrefix', value = '/' }: HttpPathMatch, path: Path, report: Report): void {
  if (type === 'RegularExpression') {
    const wrong = wrongRegex(value);
    if (wrong !== undefined) report.error([...path, 'value'], wrong);
    return;
  }
  const found = odd.find((text) => value.includes(text)) ?? ['/..', '/.'].find((text) => value.endsWith(text));
  if (!value.startsWith('/')) report.error([...path, 'value'], 'must begin with "/"');
  else if (found !== undefined) report.error([...path, 'value'], `must not have "${found}"`);
  else if (!/^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(value))
    report.error([...path, 'value'], 'must be the path of a URL');
}

function checkFilters(filters: readonly HttpRouteFilter[], matches: readonly HttpRouteMatch[], path: Path, report: Report): void {
  for (const [i, filter] of filters.entries()) {
    const at = [...path, i];
    checkFilter(filter, at, report);
    for (const name of ['requestRedirect', 'urlRewrite'] as const) {
      const modifier = filter[name]?.path;
      if (modifier) checkPathModifier(modifier, matches, [...at, name, 'path'], report);
    }
  }
}

function checkPathModifier(modifier: PathModifier, matches: readonly HttpRouteMatch[], path: Path, report: Report): void {
  const { type, replaceFullPath, replacePrefixMatch } = modifier;
  const [fitting, other] = type === 'ReplaceFullPath' ? [replaceFullPath, replacePrefixMatch] : [replacePrefixMatch, replaceFullPath];
  if (fitting === undefined || other !== undefined) report.error(path, `must have exactly the field that type ${type} names`);
  const isOnePrefix = matches.length === 1 && (matches[0]?.path?.type ?? 'PathPrefix') === 'PathPrefix';
  if (type === 'ReplacePrefixMatch' && matches.length > 0 && !isOnePrefix)
    report.error(path, 'needs a rule with exactly one match, of a path prefix');
}
