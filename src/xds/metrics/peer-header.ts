import type { HeaderMutation } from '../../envoy/generated/envoy/extensions/filters/http/header_mutation/v3/HeaderMutation.ts';
import type { Config as SetFilterState } from '../../envoy/generated/envoy/extensions/filters/http/set_filter_state/v3/Config.ts';
import { type FilterContext, telemetryOf } from '../filters/listener-class.ts';
import { type TypedFilter, typedFilter } from '../filters/typed-filter.ts';
import { peerVariable } from './metric-labels.ts';

/** Says who calls, in the words of `compactLabels.peer`. Only stock Envoys among themselves send and read it. */
const header = 'x-coxswain-peer';

/** Where the receiving side keeps it for the length of the request. */
export const peerState = 'coxswain.peer';

/**
 * How the receiving side learns who calls: a header that its client's sidecar sets, believed where mutual TLS proves that it came
 * from one, and taken away before the application sees it. Without a certificate nobody would believe it, so nobody sends it.
 */
export function peerHeaderFilters(context: FilterContext): readonly TypedFilter[] {
  const { features } = context.scope;
  if (features.statsLogger !== true || !features.workloadCertificates || telemetryOf(context).metrics.length === 0) return [];
  if (context.class !== 'sidecar-inbound')
    return [
      mutation({
        append: { header: { key: header, value: `%ENVIRONMENT(${peerVariable})%` }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
      }),
    ];
  const takesAway = mutation({ remove: header });
  return context.connectionSecurity === 'mutual_tls' ? [remembers(), takesAway] : [takesAway];
}

function remembers(): TypedFilter {
  const config: SetFilterState = {
    on_request_headers: [
      {
        object_key: peerState,
        factory_key: 'envoy.string',
        format_string: { text_format_source: { inline_string: `%REQ(${header})%` }, omit_empty_values: true },
        skip_if_empty: true,
      },
    ],
  };
  return typedFilter('envoy.filters.http.set_filter_state', 'envoy.extensions.filters.http.set_filter_state.v3.Config', config);
}

function mutation(one: NonNullable<NonNullable<HeaderMutation['mutations']>['request_mutations']>[number]): TypedFilter {
  const config: HeaderMutation = { mutations: { request_mutations: [one] } };
  return typedFilter('envoy.filters.http.header_mutation', 'envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', config);
}
