/** Rules on an EnvoyFilter beyond its structure, after Istio's ValidateEnvoyFilter and the CRD's CEL rules. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { checkLabelsSelector } from '../parts/label-checks.ts';
import { checkTarget } from '../parts/policy-attachment.ts';
import { re2Fault } from '../parts/re2-syntax.ts';
import { maxRegexBytes } from '../parts/string-match-checks.ts';
import { Report } from '../report.ts';
import type { EnvoyFilter, EnvoyObjectMatch, EnvoyObjectPatch } from './envoy-filter.ts';

export function validateEnvoyFilter(object: ConfigObject<EnvoyFilter>): readonly Issue[] {
  const report = new Report();
  const { workloadSelector, targetRefs, configPatches = [] } = object.spec;
  report.warn(['spec'], 'depends on internals of the generated Envoy configuration, which may change with any version');
  checkLabelsSelector(workloadSelector, ['spec', 'workloadSelector'], report);
  if (workloadSelector && targetRefs) report.error(['spec'], 'may have only one of workloadSelector and targetRefs');
  for (const [i, target] of (targetRefs ?? []).entries()) checkTarget(target, ['spec', 'targetRefs', i], report);
  for (const [i, patch] of configPatches.entries()) checkPatch(patch, ['spec', 'configPatches', i], report);
  return report.issues;
}

function checkPatch(patch: EnvoyObjectPatch, path: Path, report: Report): void {
  const { applyTo, match, patch: change } = patch;
  const isWaypoint = match?.context === 'WAYPOINT';
  if (match && isWaypoint !== (match.waypoint !== undefined))
    report.error([...path, 'match'], 'must have waypoint exactly when context is WAYPOINT');
  if (isWaypoint) return;
  if (!applyTo || applyTo === 'INVALID') report.error([...path, 'applyTo'], 'is required');
  if (!change) {
    report.error([...path, 'patch'], 'is required');
    return;
  }
  const { operation = 'INVALID', value } = change;
  if (operation === 'INVALID') report.error([...path, 'patch', 'operation'], 'is required');
  else if (operation !== 'REMOVE' && value === undefined) report.error([...path, 'patch', 'value'], `is required for ${operation}`);
  if (!match) return;
  checkVersion(match.proxy?.proxyVersion ?? '', [...path, 'match', 'proxy', 'proxyVersion'], report);
  checkMatchFits(applyTo, match, [...path, 'match'], report);
}

function checkVersion(expression: string, path: Path, report: Report): void {
  if (expression.length > maxRegexBytes) {
    report.warn(path, `is longer than ${maxRegexBytes} characters and ignored`);
    return;
  }
  const fault = re2Fault(expression);
  if (fault !== undefined) report.error(path, `is no regular expression: ${fault}`);
}

type ApplyTo = EnvoyObjectPatch['applyTo'];

const listenerTargets: readonly ApplyTo[] = ['LISTENER', 'FILTER_CHAIN', 'NETWORK_FILTER', 'HTTP_FILTER'];
const routeTargets: readonly ApplyTo[] = ['ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'HTTP_ROUTE'];

function checkMatchFits(applyTo: ApplyTo, match: EnvoyObjectMatch, path: Path, report: Report): void {
  const kind = (['listener', 'routeConfiguration', 'cluster'] as const).find((name) => match[name] !== undefined);
  if (kind === undefined) return;
  const fitting = listenerTargets.includes(applyTo)
    ? 'listener'
    : routeTargets.includes(applyTo)
      ? 'routeConfiguration'
      : applyTo === 'CLUSTER'
        ? 'cluster'
        : undefined;
  if (fitting !== undefined && kind !== fitting) report.error([...path, kind], `does not fit applyTo ${applyTo}`, `use ${fitting}`);
  else if (fitting === 'listener') checkFilterMatch(applyTo, match, [...path, 'listener', 'filterChain', 'filter'], report);
}

const connectionManagers: readonly string[] = ['envoy.filters.network.http_connection_manager', 'envoy.http_connection_manager'];

function checkFilterMatch(applyTo: ApplyTo, match: EnvoyObjectMatch, path: Path, report: Report): void {
  const filter = match.listener?.filterChain?.filter;
  if (!filter) return;
  if (applyTo === 'LISTENER' || applyTo === 'FILTER_CHAIN') report.warn(path, `has no effect with applyTo ${applyTo}`);
  if (!filter.name) report.error([...path, 'name'], 'is required');
  if (!filter.subFilter || !filter.name) return;
  if (applyTo !== 'HTTP_FILTER') report.error([...path, 'subFilter'], 'is possible with applyTo HTTP_FILTER only');
  else if (!connectionManagers.includes(filter.name)) report.error([...path, 'subFilter'], `needs the filter ${connectionManagers[0]}`);
  else if (!filter.subFilter.name) report.error([...path, 'subFilter', 'name'], 'is required');
}
