/** Rules on a PeerAuthentication beyond its structure, after Istio's ValidatePeerAuthentication. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkWorkloadSelector } from '../parts/label-checks.ts';
import { Report } from '../report.ts';
import type { PeerAuthentication } from './peer-authentication.ts';

export function validatePeerAuthentication(object: ConfigObject<PeerAuthentication>): readonly Issue[] {
  const report = new Report();
  const { selector, portLevelMtls } = object.spec;
  checkWorkloadSelector(selector, ['spec', 'selector'], report);
  if (portLevelMtls && Object.keys(selector?.matchLabels ?? {}).length === 0) {
    report.error(['spec', 'portLevelMtls'], 'needs a selector with labels: a whole namespace or mesh has no ports');
  }
  for (const port in portLevelMtls) {
    const fits = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
    if (!fits) report.error(['spec', 'portLevelMtls', port], `must be a port from 1 to 65535, not "${port}"`);
  }
  return report.issues;
}
