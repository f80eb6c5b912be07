/** Rules on a ProxyConfig beyond its structure. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkWorkloadSelector } from '../parts/label-checks.ts';
import { Report } from '../report.ts';
import type { ProxyConfig } from './proxy-config.ts';

export function validateProxyConfig(object: ConfigObject<ProxyConfig>): readonly Issue[] {
  const report = new Report();
  checkWorkloadSelector(object.spec.selector, ['spec', 'selector'], report);
  return report.issues;
}
