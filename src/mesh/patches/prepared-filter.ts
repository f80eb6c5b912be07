import type { ConfigObject } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { Proxy as ProxyNode } from '../../model/proxy.ts';
import type { EnvoyFilter, EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';
import { versionMatcher } from './version-matcher.ts';

/** An EnvoyFilter with what selecting it needs worked out once. */
export interface PreparedFilter {
  readonly object: ConfigObject<EnvoyFilter>;
  readonly patches: readonly PreparedPatch[];
}

export interface PreparedPatch {
  /** Place in `configPatches`. */
  readonly index: number;
  readonly patch: EnvoyObjectPatch;
  /** Whether `match.proxy` takes the proxy (Istio `proxyMatch`). */
  readonly matchesProxy: (proxy: ProxyNode) => boolean;
}

export function prepareFilter(object: ConfigObject<EnvoyFilter>): PreparedFilter {
  const patches = (object.spec.configPatches ?? []).map((patch, index) => ({ index, patch, matchesProxy: proxyMatcher(patch) }));
  return { object, patches };
}

function proxyMatcher({ match }: EnvoyObjectPatch): PreparedPatch['matchesProxy'] {
  const { proxyVersion = '', metadata = {} } = match?.proxy ?? {};
  const matchesVersion = proxyVersion === '' ? undefined : versionMatcher(proxyVersion);
  const wanted = Object.entries(metadata);
  return (proxy) =>
    (matchesVersion === undefined || (proxy.istioVersion !== '' && matchesVersion(proxy.istioVersion))) &&
    wanted.every(([key, value]) => proxy.metadata[key] === value);
}

/** The label of pods that a Gateway of the Gateway API made; value: its name. */
const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name';

/**
 * Whether the object is about a workload: by its selector, and for gateways of the Gateway API by its `targetRefs`, which no
 * other workload ever matches (Istio `ShouldAttachPolicy`). Waypoints look at Services and GatewayClasses too; there are none yet.
 */
export function selectsWorkload({ object }: PreparedFilter, namespace: string, labels: Labels): boolean {
  const { targetRefs = [], workloadSelector } = object.spec;
  const gatewayName = labels[gatewayNameLabel];
  if (targetRefs.length === 0) return selects(workloadSelector?.labels ?? {}, labels);
  return (
    gatewayName !== undefined &&
    object.namespace === namespace &&
    targetRefs.some(
      ({ group, kind, name, namespace: other = '' }) =>
        group === 'gateway.networking.k8s.io' && kind === 'Gateway' && name === gatewayName && (other === '' || other === namespace),
    )
  );
}
