import { compareText } from '../../model/config-object.ts';
import type { MetricSelector, MetricsOverrides, TagOverride as StatedTag, TelemetryMetrics } from '../../schema/telemetry/telemetry.ts';
import { meansMode, providerNames } from './provider-of.ts';
import type { MetricOverride, ResolvedMetrics, TelemetryMode } from './resolved-telemetry.ts';

/** The metrics of the API, by name. */
const allMetrics: readonly string[] = [
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_OPENED_CONNECTIONS',
  'TCP_RECEIVED_BYTES',
  'TCP_SENT_BYTES',
];

interface Draft {
  readonly byMetric: Map<string, { isDropped: boolean; readonly tags: Map<string, StatedTag> }>;
  isOff: boolean;
  reportingInterval?: string;
}

/**
 * Metrics by provider, for one side of calls (Istio `mergeMetrics`): entries over one another, the later over the earlier.
 * The last entry that names providers decides which count. A provider of which all metrics are disabled is left out.
 */
export function mergeMetrics(
  entries: readonly TelemetryMetrics[],
  defaults: readonly string[],
  mode: TelemetryMode,
): ReadonlyMap<string, ResolvedMetrics> {
  if (entries.length === 0) return new Map(defaults.map((name) => [name, { overrides: [] }]));
  const inScope = new Set(entries.map(({ providers }) => providerNames(providers)).findLast((names) => names.length > 0) ?? defaults);
  const drafts = new Map<string, Draft>();
  let current = defaults;
  for (const { providers, overrides = [], reportingInterval } of entries) {
    const names = providerNames(providers);
    current = names.length === 0 ? current : names;
    for (const name of current) {
      if (!inScope.has(name)) continue;
      const draft: Draft = drafts.get(name) ?? { byMetric: new Map(), isOff: false };
      drafts.set(name, draft);
      if (reportingInterval !== undefined) draft.reportingInterval = reportingInterval;
      for (const override of overrides) if (meansMode(override.match?.mode, mode)) applyOverride(draft, override);
    }
  }
  return new Map([...drafts].filter(([, { isOff }]) => !isOff).map(([name, draft]) => [name, settled(draft)]));
}

/** Anything that is said about some metric after all were disabled brings them back. */
function applyOverride(draft: Draft, { match, disabled, tagOverrides = {} }: MetricsOverrides): void {
  if (meansAll(match) && disabled === true) {
    draft.isOff = true;
    return;
  }
  draft.isOff = false;
  for (const metric of meansAll(match) ? allMetrics : [match?.customMetric ?? match?.metric ?? '']) {
    const known = draft.byMetric.get(metric) ?? { isDropped: false, tags: new Map() };
    draft.byMetric.set(metric, known);
    if (disabled !== undefined) known.isDropped = disabled;
    for (const [name, tag] of Object.entries(tagOverrides)) known.tags.set(name, tag);
  }
}

function meansAll(match: MetricSelector | undefined): boolean {
  return match?.customMetric === undefined && (match?.metric === undefined || match.metric === 'ALL_METRICS');
}

function settled({ byMetric, reportingInterval }: Draft): ResolvedMetrics {
  const overrides = [...byMetric]
    .sort(([a], [b]) => compareText(a, b))
    .map(([metric, { isDropped, tags }]): MetricOverride => {
      const sorted = [...tags].sort(([a], [b]) => compareText(a, b));
      return {
        metric,
        isDropped,
        tags: sorted.map(([name, { operation, value = '' }]) => (operation === 'REMOVE' ? { name } : { name, value })),
      };
    });
  return { overrides, ...(reportingInterval !== undefined && { reportingInterval }) };
}
