/** Rules on a Sidecar beyond its structure, after Istio's ValidateSidecar. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { checkConnectionPool } from '../parts/connection-pool-checks.ts';
import { wrongFqdn } from '../parts/host-checks.ts';
import { checkLabelsSelector } from '../parts/label-checks.ts';
import { checkDestination } from '../parts/route-destination-checks.ts';
import { Report } from '../report.ts';
import { checkEgress } from './egress-checks.ts';
import { checkIngress } from './ingress-checks.ts';
import type { Sidecar, SidecarOutboundTrafficPolicy } from './sidecar.ts';

export function validateSidecar(object: ConfigObject<Sidecar>): readonly Issue[] {
  const report = new Report();
  const { workloadSelector, ingress = [], egress = [], inboundConnectionPool, outboundTrafficPolicy } = object.spec;
  checkLabelsSelector(workloadSelector, ['spec', 'workloadSelector'], report);
  if (ingress.length === 0 && egress.length === 0 && !outboundTrafficPolicy && !inboundConnectionPool) {
    report.error(['spec'], 'must have ingress, egress, inboundConnectionPool or outboundTrafficPolicy');
  }
  checkIngress(ingress, report);
  checkConnectionPool(inboundConnectionPool, ['spec', 'inboundConnectionPool'], report);
  checkEgress(egress, object.namespace, report);
  if (outboundTrafficPolicy) checkOutboundTrafficPolicy(outboundTrafficPolicy, report);
  return report.issues;
}

function checkOutboundTrafficPolicy(policy: SidecarOutboundTrafficPolicy, report: Report): void {
  const { mode = 'REGISTRY_ONLY', egressProxy } = policy;
  if (!egressProxy) return;
  const path = ['spec', 'outboundTrafficPolicy', 'egressProxy'];
  if (mode !== 'ALLOW_ANY') {
    report.error(path, 'is possible with mode ALLOW_ANY only');
    return;
  }
  const wrong = wrongFqdn(egressProxy.host);
  if (wrong !== undefined) report.error([...path, 'host'], wrong);
  if (!egressProxy.port) report.error([...path, 'port'], 'is required');
  if (wrong === undefined) checkDestination(egressProxy, path, report);
}
