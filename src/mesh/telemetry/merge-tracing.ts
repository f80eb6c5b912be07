import type { TelemetryTracing } from '../../schema/telemetry/telemetry.ts';
import { meansMode, providerNames } from './provider-of.ts';
import type { ResolvedTracing, TelemetryMode } from './resolved-telemetry.ts';

/** The same with the provider's name. */
export interface MergedTracing extends Omit<ResolvedTracing, 'provider'> {
  readonly provider?: string;
}

/**
 * Tracing for one side of calls (Istio `Tracing`): what an entry states replaces what the ones before it stated; of its
 * providers the first counts. Undefined: nobody says anything, the older settings of the mesh count.
 */
export function mergeTracing(
  entries: readonly TelemetryTracing[],
  defaults: readonly string[],
  mode: TelemetryMode,
): MergedTracing | undefined {
  const [byDefault] = defaults;
  if (entries.length === 0 && byDefault === undefined) return undefined;
  let merged: MergedTracing = {
    ...(byDefault !== undefined && { provider: byDefault }),
    isDisabled: false,
    customTags: {},
    useRequestId: true,
    hasIstioTags: true,
    isContextKept: true,
  };
  for (const entry of entries) {
    if (!meansMode(entry.match?.mode, mode)) continue;
    const [provider] = providerNames(entry.providers);
    merged = { ...merged, ...(provider !== undefined && { provider }), ...statedFields(entry) };
  }
  return merged;
}

function statedFields(entry: TelemetryTracing): Partial<MergedTracing> {
  const { disableSpanReporting, customTags, randomSamplingPercentage, useRequestIdForTraceSampling, enableIstioTags } = entry;
  return {
    ...(disableSpanReporting !== undefined && { isDisabled: disableSpanReporting }),
    ...(customTags !== undefined && { customTags }),
    ...(randomSamplingPercentage !== undefined && { sampling: randomSamplingPercentage }),
    ...(useRequestIdForTraceSampling !== undefined && { useRequestId: useRequestIdForTraceSampling }),
    ...(enableIstioTags !== undefined && { hasIstioTags: enableIstioTags }),
    ...(entry.disableContextPropagation !== undefined && { isContextKept: !entry.disableContextPropagation }),
  };
}
