import type { StatsConfig } from '../envoy/generated/envoy/config/metrics/v3/StatsConfig.ts';

/** Which statistics an Envoy keeps: Istio's selection, which is small, or everything. */
export type StatsSelection = 'istio' | 'all';

/**
 * Dimensions inside of statistic names, told apart by the marks that Istio's control plane puts there: `;` ends a cluster
 * or HTTP prefix. Envoy's own rules would cut `outbound|80||a.default.svc.cluster.local` at the first dot.
 */
const tags: readonly (readonly [name: string, regex: string])[] = [
  ['cluster_name', String.raw`^cluster(\.(.+);)`],
  ['http_conn_manager_prefix', String.raw`^http\.(((?:[_.[:digit:]\w]*|[_\[\]aAbBcCdDeEfF[:digit:]\w\:]*));\.)`],
  ['tcp_prefix', String.raw`^tcp\.((.*?)\.)\w+?$`],
  ['response_code', String.raw`_rq(_(\d{3}))$`],
  ['response_code_class', String.raw`_rq(_(\dxx))$`],
  ['listener_address', String.raw`^listener\.(((?:[_.[:digit:]]*|[_\[\]aAbBcCdDeEfF[:digit:]]*))\.)`],
  ['authz_enforce_result', String.raw`rbac(\.(allowed|denied))`],
  ['authz_dry_run_action', String.raw`(\.istio_dry_run_(allow|deny)_)`],
  ['authz_dry_run_result', String.raw`(\.shadow_(allowed|denied))`],
];

const prefixes = ['cluster_manager', 'listener_manager', 'server', 'cluster.xds-grpc', 'reporter=', 'component', 'istio'];
/** Draining counts `downstream_cx_active`. */
const suffixes = ['rbac.allowed', 'rbac.denied', 'shadow_allowed', 'shadow_denied', 'downstream_cx_active'];

export function buildStatsConfig(selection: StatsSelection): StatsConfig {
  return {
    use_all_default_tags: { value: false },
    stats_tags: tags.map(([tag_name, regex]) => ({ tag_name, regex })),
    ...(selection === 'istio' && {
      stats_matcher: {
        inclusion_list: {
          patterns: [
            ...prefixes.map((prefix) => ({ prefix })),
            ...suffixes.map((suffix) => ({ suffix })),
            { safe_regex: { regex: String.raw`vhost\..*\.route\..*` } },
          ],
        },
      },
    }),
  };
}
