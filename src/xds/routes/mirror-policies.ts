import type { _envoy_config_route_v3_RouteAction_RequestMirrorPolicy as MirrorPolicy } from '../../envoy/generated/envoy/config/route/v3/RouteAction.ts';
import type { FractionalPercent } from '../../envoy/generated/envoy/type/v3/FractionalPercent.ts';
import type { HttpRule } from '../../mesh/routing/resolved-virtual-service.ts';
import type { Destination } from '../../schema/parts/route-destination.ts';
import { perHundred, perMillion } from './fractional-percent.ts';

/** Copies of requests: the one of `mirror` before those of `mirrors`. Zero percent copies nothing, no percentage copies all. */
export function buildMirrorPolicies(rule: HttpRule, clusterOf: (destination: Destination) => string): MirrorPolicy[] {
  const copies: { readonly to: Destination; readonly share: FractionalPercent }[] = [];
  if (rule.mirror !== undefined) copies.push({ to: rule.mirror, share: shareOf(rule) });
  for (const { destination, percentage } of rule.mirrors ?? []) {
    copies.push({ to: destination, share: percentage === undefined ? perHundred(100) : perMillion(percentage) });
  }
  return copies
    .filter(({ share }) => (share.numerator ?? 0) > 0)
    .map(({ to, share }) => ({
      cluster: clusterOf(to),
      runtime_fraction: { default_value: share },
      trace_sampled: { value: false },
      // Istio's DISABLE_SHADOW_HOST_SUFFIX, on by default: the copy keeps its host.
      disable_shadow_host_suffix_append: true,
    }));
}

function shareOf(rule: HttpRule): FractionalPercent {
  if (rule.mirrorPercentage !== undefined) return perMillion(rule.mirrorPercentage);
  return perHundred(rule.mirrorPercent ?? 100);
}
