import { type Labels, selects } from '../model/labels.ts';
import type { PolicyTargetReference } from '../schema/parts/policy-target-reference.ts';
import type { WorkloadSelector } from '../schema/parts/workload-selector.ts';

/** What decides which workloads a policy is for. */
export interface AttachedPolicy {
  readonly namespace: string;
  readonly spec: {
    readonly selector?: WorkloadSelector;
    readonly targetRef?: PolicyTargetReference;
    readonly targetRefs?: readonly PolicyTargetReference[];
  };
}

export interface PolicyWorkload {
  readonly namespace: string;
  readonly labels: Labels;
  readonly isWaypoint: boolean;
}

/** Pods of a Gateway of the Gateway API bear its name. */
const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name';

/** What the policy refers to; the older single field counts where the list is empty. */
export function targetRefsOf({ spec }: Pick<AttachedPolicy, 'spec'>): readonly PolicyTargetReference[] {
  const { targetRef, targetRefs = [] } = spec;
  return targetRefs.length === 0 && targetRef !== undefined ? [targetRef] : targetRefs;
}

/** Neither a selector nor a reference: for its whole namespace. */
export function isForNamespace(policy: Pick<AttachedPolicy, 'spec'>): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length === 0 && targetRefsOf(policy).length === 0;
}

/**
 * Whether a policy that may hold in the workload's namespace holds for the workload (Istio `ShouldAttachPolicy`): references
 * reach gateways of the Gateway API alone, in their own namespace; a waypoint cannot be selected by labels.
 */
export function attaches(policy: AttachedPolicy, { namespace, labels, isWaypoint }: PolicyWorkload): boolean {
  const gatewayName = labels[gatewayNameLabel];
  const targets = targetRefsOf(policy);
  if (targets.length === 0) return !(isWaypoint && gatewayName !== undefined) && selects(policy.spec.selector?.matchLabels ?? {}, labels);
  if (gatewayName === undefined || policy.namespace !== namespace) return false;
  return targets.some(
    ({ group, kind, name, namespace: stated = '' }) =>
      group === 'gateway.networking.k8s.io' && kind === 'Gateway' && name === gatewayName && (stated === '' || stated === namespace),
  );
}
