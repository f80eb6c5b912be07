import type { TelemetryAccessLogging } from '../../schema/telemetry/telemetry.ts';
import { meansMode, providerNames } from './provider-of.ts';
import type { TelemetryMode } from './resolved-telemetry.ts';

export interface MergedLog {
  readonly isDisabled: boolean;
  readonly filter?: string;
}

/**
 * Access logging by provider, for one side of calls (Istio `mergeLogs`). `levels` holds the entries of each Telemetry object,
 * widest first. The last level that names providers decides which count; an entry without providers speaks of those of the
 * entry before it; a filter belongs to the providers that its own entry names.
 */
export function mergeLogs(
  levels: readonly (readonly TelemetryAccessLogging[])[],
  defaults: readonly string[],
  mode: TelemetryMode,
): ReadonlyMap<string, MergedLog> {
  if (levels.length === 0) return new Map(defaults.map((name) => [name, { isDisabled: false }]));
  const inScope = namesInScope(levels, defaults, mode);
  const stated = filtersByProvider(levels, mode);
  const merged = new Map<string, MergedLog>();
  let current = defaults;
  for (const entry of levels.flat()) {
    const names = providerNames(entry.providers);
    current = names.length === 0 ? current : names;
    if (!meansMode(entry.match?.mode, mode)) continue;
    for (const name of current) {
      if (!inScope.has(name)) continue;
      merged.set(name, entry.disabled === true ? { isDisabled: true } : (stated.get(name) ?? { isDisabled: false }));
    }
  }
  return merged;
}

function namesInScope(
  levels: readonly (readonly TelemetryAccessLogging[])[],
  defaults: readonly string[],
  mode: TelemetryMode,
): ReadonlySet<string> {
  let names = new Set(defaults);
  for (const level of levels) {
    const ofLevel = level.filter(({ match }) => meansMode(match?.mode, mode)).flatMap(({ providers }) => providerNames(providers));
    if (ofLevel.length > 0) names = new Set(ofLevel);
  }
  return names;
}

function filtersByProvider(levels: readonly (readonly TelemetryAccessLogging[])[], mode: TelemetryMode): ReadonlyMap<string, MergedLog> {
  const found = new Map<string, MergedLog>();
  for (const { match, providers, filter } of levels.flat()) {
    if (!meansMode(match?.mode, mode)) continue;
    const log = { isDisabled: false, ...(filter && { filter: filter.expression ?? '' }) };
    for (const name of providerNames(providers)) found.set(name, log);
  }
  return found;
}
