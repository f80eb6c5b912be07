import type { MetricOverride } from '../../mesh/telemetry/resolved-telemetry.ts';
import { compactLabels } from './metric-labels.ts';
import { peerState } from './peer-header.ts';
import type { StatsLogContext } from './stats-log.ts';
import { tagFormat } from './tag-format.ts';

export interface MetricTag {
  readonly name: string;
  readonly value_format: string;
}

/**
 * The labels of Istio's metrics as far as Envoy fills them in; the agent adds the workload's own, and takes apart those of the
 * other side. Principals, and who calls, are known where mutual TLS proves them, and nowhere else.
 */
export function standardTags(context: StatsLogContext, kind: 'http' | 'tcp'): readonly MetricTag[] {
  const sides = context.class === 'sidecar-inbound' ? destinationTags(context) : sourceTags(context);
  const result =
    kind === 'tcp'
      ? [tag('request_protocol', 'tcp')]
      : [tag('response_code', '%RESPONSE_CODE%'), tag('grpc_response_status', '%GRPC_STATUS_NUMBER%')];
  return [...sides, tag(compactLabels.service, '%CLUSTER_METADATA(istio:services)%'), ...result, tag('response_flags', '%RESPONSE_FLAGS%')];
}

function sourceTags({ scope }: StatsLogContext): readonly MetricTag[] {
  return [
    tag('reporter', 'source'),
    tag(compactLabels.peer, '%UPSTREAM_METADATA(istio:workload)%'),
    ...(scope.features.workloadCertificates
      ? [tag('source_principal', '%UPSTREAM_LOCAL_URI_SAN%'), tag('destination_principal', '%UPSTREAM_PEER_URI_SAN%')]
      : []),
  ];
}

function destinationTags({ connectionSecurity = 'none' }: StatsLogContext): readonly MetricTag[] {
  const isProven = connectionSecurity === 'mutual_tls';
  return [
    tag('reporter', 'destination'),
    tag('connection_security_policy', connectionSecurity),
    ...(isProven
      ? [
          tag(compactLabels.peer, `%FILTER_STATE(${peerState}:PLAIN)%`),
          tag('source_principal', '%DOWNSTREAM_PEER_URI_SAN%'),
          tag('destination_principal', '%DOWNSTREAM_LOCAL_URI_SAN%'),
        ]
      : []),
  ];
}

/** Labels that a user takes away are named, as the agent must not fill them in; those that Envoy cannot fill in are left out. */
export function withOverride(tags: readonly MetricTag[], override: MetricOverride | undefined): MetricTag[] {
  if (override === undefined) return [...tags];
  // Envoy refuses a tag without a name.
  const stated = override.tags.filter(({ name }) => name !== '');
  const removed = stated.filter(({ value }) => value === undefined).map(({ name }) => name);
  const set = stated.flatMap(({ name, value }) => {
    const format = value === undefined ? undefined : tagFormat(value);
    return format === undefined ? [] : [tag(name, format)];
  });
  const gone = new Set([...removed, ...set.map(({ name }) => name)]);
  return [
    ...tags.filter(({ name }) => !gone.has(name)),
    ...set,
    ...(removed.length > 0 ? [tag(compactLabels.removed, removed.join(','))] : []),
  ];
}

function tag(name: string, value_format: string): MetricTag {
  return { name, value_format };
}
