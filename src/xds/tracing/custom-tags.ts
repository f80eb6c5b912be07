import type { CustomTag } from '../../envoy/generated/envoy/type/tracing/v3/CustomTag.ts';
import type { ResolvedTracing } from '../../mesh/telemetry/resolved-telemetry.ts';
import { compareText } from '../../model/config-object.ts';
import type { CustomTag as MeshTag } from '../../schema/mesh-config/proxy-settings.ts';
import type { CustomTag as UserTag } from '../../schema/telemetry/telemetry.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { isOlderThan } from './istio-version.ts';

/** `value` is newer than the base's message. */
type NewerTag = CustomTag & { readonly value?: string };

/** Tags of spans: Istio's own, and the user's, of a Telemetry object or else of the proxy's settings; sorted by name. */
export function customTags(
  context: FilterContext,
  { hasIstioTags, customTags: stated = {} }: Pick<ResolvedTracing, 'hasIstioTags'> & Partial<ResolvedTracing>,
): CustomTag[] {
  const ofIstio = hasIstioTags ? [...workloadTags(context), ...policyTags] : [];
  const isStated = Object.keys(stated).length > 0;
  const ofUser = userTags(isStated ? stated : (context.settings.config.defaultConfig?.tracing?.customTags ?? {}), context);
  return [...ofIstio, ...ofUser].sort((a, b) => compareText(a.tag ?? '', b.tag ?? ''));
}

/**
 * Whose span it is. Outbound listeners are shared, by workloads and by namespaces: they find the namespace where the pod
 * states it, and leave canonical service and revision to the span's process. Listeners of the workload's own name them.
 */
function workloadTags({ class: listenerClass, scope, settings }: FilterContext): readonly CustomTag[] {
  const literals: readonly (readonly [string, string])[] = [
    ['istio.mesh_id', settings.config.defaultConfig?.meshId || settings.trustDomain || 'unknown'],
    ['istio.cluster_id', scope.clusterId || 'unknown'],
  ];
  const common = literals.map(([tag, value]) => ({ tag, literal: { value } }));
  if (listenerClass === 'sidecar-outbound') return [...common, { tag: 'istio.namespace', environment: { name: 'POD_NAMESPACE' } }];
  const labels = scope.workloadLabels ?? {};
  return [
    ...common,
    { tag: 'istio.namespace', literal: { value: scope.namespace } },
    { tag: 'istio.canonical_revision', literal: { value: labels['service.istio.io/canonical-revision'] ?? 'latest' } },
    { tag: 'istio.canonical_service', literal: { value: labels['service.istio.io/canonical-name'] ?? 'unknown' } },
  ];
}

/** What authorization policies in dry run would have done, where the request met one. */
const policyTags: readonly CustomTag[] = (['allow', 'deny'] as const).flatMap((action) => [
  policyTag(`istio.authorization.dry_run.${action}_policy.name`, `istio_dry_run_${action}_shadow_effective_policy_id`),
  policyTag(`istio.authorization.dry_run.${action}_policy.result`, `istio_dry_run_${action}_shadow_engine_result`),
]);

function policyTag(tag: string, key: string): CustomTag {
  return { tag, metadata: { kind: { request: {} }, metadata_key: { key: 'envoy.filters.http.rbac', path: [{ key }] } } };
}

function userTags(tags: Readonly<Record<string, UserTag | MeshTag>>, { scope }: FilterContext): readonly CustomTag[] {
  return Object.entries(tags).flatMap(([tag, stated]): readonly NewerTag[] => {
    const { literal, environment, header } = stated;
    if ('formatter' in stated && stated.formatter) {
      return isOlderThan(scope.features, 29) ? [] : [{ tag, value: stated.formatter.value }];
    }
    if (literal) return [{ tag, literal: { value: literal.value ?? '' } }];
    const named = environment ?? header;
    if (named === undefined) return [];
    const source = { name: named.name ?? '', default_value: named.defaultValue ?? '' };
    return [environment ? { tag, environment: source } : { tag, request_header: source }];
  });
}
