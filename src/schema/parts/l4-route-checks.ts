/** Rules on TLSRoute and TCPRoute beyond their structure. */

import type { Issue } from '../../model/issue.ts';
import { Report } from '../report.ts';
import type { L4RouteRule } from './gateway-api.ts';
import { checkBackendPort } from './gateway-api-checks.ts';

export function validateL4Route(object: { readonly spec: { readonly rules: readonly L4RouteRule[] } }): readonly Issue[] {
  const report = new Report();
  for (const [i, rule] of object.spec.rules.entries()) {
    for (const [j, ref] of rule.backendRefs.entries()) checkBackendPort(ref, ['spec', 'rules', i, 'backendRefs', j], report);
  }
  return report.issues;
}
