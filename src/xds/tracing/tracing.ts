import type { _envoy_extensions_filters_network_http_connection_manager_v3_HttpConnectionManager_Tracing as Tracing } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { CustomTag } from '../../envoy/generated/envoy/type/tracing/v3/CustomTag.ts';
import { compareText } from '../../model/config-object.ts';
import type { CustomTag as UserTag } from '../../schema/mesh-config/proxy-settings.ts';
import type { FilterContext } from './listener-class.ts';

/** Percent of requests, where `defaultConfig.tracing.sampling` says nothing (Istio PILOT_TRACE_SAMPLING). */
const defaultSampling = 1;

/**
 * Tracing to the collector of the proxy's bootstrap (Istio with MeshConfig.enableTracing and no Telemetry): how many requests
 * are sampled, and which tags spans bear. Undefined: none.
 */
export function buildTracing(context: FilterContext): Tracing | undefined {
  const { config } = context.settings;
  if (config.enableTracing !== true) return undefined;
  const tracing = config.defaultConfig?.tracing;
  const stated = tracing?.sampling || defaultSampling;
  const ofIstio = tracing?.enableIstioTags === false ? [] : [...workloadTags(context), ...policyTags];
  const tags = [...ofIstio, ...userTags(tracing?.customTags ?? {})].sort((a, b) => compareText(a.tag ?? '', b.tag ?? ''));
  return {
    client_sampling: { value: 100 },
    random_sampling: { value: stated > 100 ? defaultSampling : stated },
    overall_sampling: { value: 100 },
    ...(tracing?.maxPathTagLength && { max_path_tag_length: { value: tracing.maxPathTagLength } }),
    custom_tags: tags,
  };
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

function userTags(tags: Readonly<Record<string, UserTag>>): readonly CustomTag[] {
  return Object.entries(tags).flatMap(([tag, { literal, environment, header }]): readonly CustomTag[] => {
    if (literal) return [{ tag, literal: { value: literal.value ?? '' } }];
    const named = environment ?? header;
    if (named === undefined) return [];
    const source = { name: named.name ?? '', default_value: named.defaultValue ?? '' };
    return [environment ? { tag, environment: source } : { tag, request_header: source }];
  });
}
