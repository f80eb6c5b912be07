/** Rules on a WorkloadGroup beyond its structure, after Istio's ValidateWorkloadGroup. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkLabels } from '../parts/label-checks.ts';
import { Report } from '../report.ts';
import { checkPorts, checkSocket } from '../workload-entry/workload-checks.ts';
import type { ReadinessProbe, WorkloadGroup } from './workload-group.ts';

export function validateWorkloadGroup(object: ConfigObject<WorkloadGroup>): readonly Issue[] {
  const report = new Report();
  const { metadata, template, probe } = object.spec;
  checkLabels(metadata?.labels, ['spec', 'metadata', 'labels'], report);
  // The address comes from the workload that registers itself.
  checkSocket(template, ['spec', 'template'], report);
  checkPorts(template, undefined, ['spec', 'template'], report);
  if (probe) checkProbe(probe, report);
  return report.issues;
}

function checkProbe(probe: ReadinessProbe, report: Report): void {
  const { httpGet, tcpSocket, exec, grpc } = probe;
  if (!httpGet && !tcpSocket && !exec && !grpc) report.error(['spec', 'probe'], 'must have httpGet, tcpSocket, exec or grpc');
  if (httpGet?.scheme && httpGet.scheme !== 'HTTP' && httpGet.scheme !== 'HTTPS') {
    report.error(['spec', 'probe', 'httpGet', 'scheme'], 'must be HTTP or HTTPS');
  }
  if (exec?.command.length === 0) report.error(['spec', 'probe', 'exec', 'command'], 'must not be empty');
}
