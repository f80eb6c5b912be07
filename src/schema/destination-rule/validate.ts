/** Rules on a DestinationRule beyond its structure, after Istio's ValidateDestinationRule. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkExportTo } from '../parts/export-to.ts';
import { isDnsLabel, wrongWildcardDomain } from '../parts/host-checks.ts';
import { checkLabels, checkWorkloadSelector } from '../parts/label-checks.ts';
import { Report } from '../report.ts';
import type { DestinationRule } from './destination-rule.ts';
import { checkTrafficPolicy } from './traffic-policy-checks.ts';

export function validateDestinationRule(object: ConfigObject<DestinationRule>): readonly Issue[] {
  const report = new Report();
  const { host, trafficPolicy, subsets = [], exportTo, workloadSelector } = object.spec;
  const wrongHost = wrongWildcardDomain(host);
  if (wrongHost !== undefined) report.error(['spec', 'host'], wrongHost);
  checkTrafficPolicy(trafficPolicy, object.namespace, ['spec', 'trafficPolicy'], report);
  const names = new Set<string>();
  for (const [i, subset] of subsets.entries()) {
    const at = ['spec', 'subsets', i];
    if (names.has(subset.name)) report.error([...at, 'name'], `repeats "${subset.name}"`);
    names.add(subset.name);
    if (!isDnsLabel(subset.name)) report.error([...at, 'name'], 'must be of letters, digits and "-", at most 63');
    checkLabels(subset.labels, [...at, 'labels'], report);
    checkTrafficPolicy(subset.trafficPolicy, object.namespace, [...at, 'trafficPolicy'], report);
  }
  const context = { namespace: object.namespace, onlyOwnNamespace: workloadSelector !== undefined };
  checkExportTo(exportTo, ['spec', 'exportTo'], context, report);
  checkWorkloadSelector(workloadSelector, ['spec', 'workloadSelector'], report);
  return report.issues;
}
