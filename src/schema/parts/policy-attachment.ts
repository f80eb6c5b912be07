/** What a policy is for: workloads by selector, or targets by reference, never both. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import { checkWorkloadSelector } from './label-checks.ts';
import type { PolicyTargetReference } from './policy-target-reference.ts';
import type { WorkloadSelector } from './workload-selector.ts';

interface PolicyAttachment {
  readonly selector?: WorkloadSelector;
  readonly targetRef?: PolicyTargetReference;
  readonly targetRefs?: readonly PolicyTargetReference[];
}

/** What Istio lets policies refer to, as `group/kind`; the core group is written empty or `core`. */
const allowedTargets: readonly string[] = [
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
];

export function checkPolicyAttachment(policy: PolicyAttachment, path: Path, report: Report): void {
  const { selector, targetRef, targetRefs } = policy;
  const given = [selector, targetRef, targetRefs].filter((value) => value !== undefined).length;
  if (given > 1) report.error(path, 'may have only one of selector, targetRef and targetRefs');
  checkWorkloadSelector(selector, [...path, 'selector'], report);
  if (targetRef) checkTarget(targetRef, [...path, 'targetRef'], report);
  for (const [i, target] of (targetRefs ?? []).entries()) checkTarget(target, [...path, 'targetRefs', i], report);
}

export function checkTarget(target: PolicyTargetReference, path: Path, report: Report): void {
  if (target.namespace) report.error([...path, 'namespace'], 'must not be set: references stay within the namespace');
  const { group = '', kind } = target;
  if (allowedTargets.includes(`${group}/${kind}`)) return;
  const text = group === '' ? kind : `${group}/${kind}`;
  report.error(path, `must refer to a Service, ServiceEntry, Gateway (Gateway API) or GatewayClass, not ${text}`);
}
