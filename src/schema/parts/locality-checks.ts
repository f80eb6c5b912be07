/** Rules on locality load balancing, after Istio's ValidateLocalityLbSetting and ValidateZoneAwareLbSetting. */

import { localityLabels } from '../../model/locality.ts';
import type { ZoneAwareLoadBalancerSetting } from '../destination-rule/load-balancer.ts';
import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { LocalityLoadBalancerSetting } from './locality-load-balancer.ts';

const topologyLabels: readonly string[] = Object.values(localityLabels);

export function checkLocalityLb(
  setting: LocalityLoadBalancerSetting | undefined,
  hasOutlierDetection: boolean,
  path: Path,
  report: Report,
): void {
  if (!setting) return;
  const { distribute = [], failover = [], failoverPriority = [] } = setting;
  if (distribute.length > 0 && failover.length > 0) {
    report.error(path, 'may have only one of distribute and failover');
    return;
  }
  const topology = failoverPriority.find((label) => topologyLabels.includes(label));
  if (failover.length > 0 && topology !== undefined) {
    report.error([...path, 'failoverPriority'], `must not have the topology label ${topology} beside failover`);
    return;
  }
  for (const [i, { to = {} }] of distribute.entries()) {
    const at = [...path, 'distribute', i, 'to'];
    const weights = Object.values(to);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.some((weight) => weight < 1 || weight > 100)) report.error(at, 'must have weights from 1 to 100');
    else if (total !== 100) report.error(at, `must have weights that sum up to 100, not ${total}`);
    checkLocalities(Object.keys(to), at, report);
  }
  const sources = distribute.map(({ from = '' }) => from);
  checkLocalities(sources, [...path, 'distribute'], report);
  checkFailover(setting, hasOutlierDetection, path, report);
}

export function checkZoneAwareLb(
  setting: ZoneAwareLoadBalancerSetting | undefined,
  hasOutlierDetection: boolean,
  path: Path,
  report: Report,
): void {
  if (!setting) return;
  for (const [i, label] of (setting.failoverPriority ?? []).entries()) {
    if (topologyLabels.includes(label))
      report.error([...path, 'failoverPriority', i], 'must not be a topology label: zones and regions are handled already');
  }
  checkFailover(setting, hasOutlierDetection, path, report);
}

interface Failovers {
  readonly failover?: readonly { readonly from?: string; readonly to?: string }[];
  readonly failoverPriority?: readonly string[];
}

function checkFailover(
  { failover = [], failoverPriority = [] }: Failovers,
  hasOutlierDetection: boolean,
  path: Path,
  report: Report,
): void {
  if (failover.length + failoverPriority.length > 0 && !hasOutlierDetection) {
    report.warn(path, 'fails over only with outlierDetection, which is not set');
  }
  for (const [i, { from = '', to = '' }] of failover.entries()) {
    const at = [...path, 'failover', i];
    if (from === to) report.error(at, 'must lead to another region');
    if (`${from}${to}`.includes('/')) report.error(at, 'must name regions only, without zones');
    if (`${from}${to}`.includes('*')) report.error(at, 'must not have a wildcard');
  }
}

/** Localities of one list must not overlap; `*` may stand for the rest, at the end. */
function checkLocalities(localities: readonly string[], path: Path, report: Report): void {
  for (const [i, locality] of localities.entries()) {
    const star = locality.indexOf('*');
    if (star >= 0 && star !== locality.length - 1) report.error(path, `has "${locality}", where "*" is not at the end`);
    if (splitLocality(locality).includes('')) report.error(path, `has "${locality}", in which a region, zone or subzone is empty`);
    const twin = localities.slice(0, i).find((earlier) => overlap(earlier, locality));
    if (twin !== undefined) report.error(path, `has "${locality}", which overlaps with "${twin}"`);
  }
}

function splitLocality(locality: string): string[] {
  const [region = '', zone, ...rest] = locality.split('/');
  return zone === undefined ? [region] : rest.length === 0 ? [region, zone] : [region, zone, rest.join('/')];
}

function overlap(a: string, b: string): boolean {
  const [first, second] = [splitLocality(a), splitLocality(b)];
  for (const [i, part] of first.entries()) {
    const other = second[i];
    if (other === undefined || part === '*') return true;
    if (part !== other) return false;
  }
  return true;
}
