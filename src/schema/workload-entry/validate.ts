/** Rules on a WorkloadEntry beyond its structure, after Istio's ValidateWorkloadEntry. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { Report } from '../report.ts';
import { checkWorkload } from './workload-checks.ts';
import type { WorkloadEntry } from './workload-entry.ts';

export function validateWorkloadEntry(object: ConfigObject<WorkloadEntry>): readonly Issue[] {
  const report = new Report();
  checkWorkload(object.spec, { allowsHostName: true }, ['spec'], report);
  return report.issues;
}
