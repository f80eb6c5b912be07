import { compareText } from '../../model/config-object.ts';
import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import { mergeLogs } from './merge-logs.ts';
import { mergeMetrics } from './merge-metrics.ts';
import { mergeTracing } from './merge-tracing.ts';
import { providerOf } from './provider-of.ts';
import { serviceOf } from './provider-service-of.ts';
import type { ModeTelemetry, ProviderTarget, ResolvedProvider, ResolvedTelemetry, TelemetryMode } from './resolved-telemetry.ts';

/** Finds the service that a provider names `host` or `namespace/host`; its hostname, or undefined where there is none. */
export type FindProviderService = (name: string) => string | undefined;

/** What Telemetry objects, widest first, and the providers of the mesh come to. */
export function resolveTelemetry(specs: readonly Telemetry[], config: MeshConfig, find: FindProviderService): ResolvedTelemetry {
  return { CLIENT: resolveMode(specs, config, find, 'CLIENT'), SERVER: resolveMode(specs, config, find, 'SERVER') };
}

function resolveMode(specs: readonly Telemetry[], config: MeshConfig, find: FindProviderService, mode: TelemetryMode): ModeTelemetry {
  const { accessLogging = [], metrics = [], tracing = [] } = config.defaultProviders ?? {};
  const levels = specs.map((spec) => spec.accessLogging ?? []).filter((entries) => entries.length > 0);
  const logs = levels.length === 0 && accessLogging.length === 0 ? undefined : mergeLogs(levels, accessLogging, mode);
  const merged = mergeMetrics(
    specs.flatMap((spec) => spec.metrics ?? []),
    metrics,
    mode,
  );
  const traced = mergeTracing(
    specs.flatMap((spec) => spec.tracing ?? []),
    tracing,
    mode,
  );
  const tracer = traced?.provider === undefined ? undefined : providerOf(config, traced.provider);
  const { provider: _, ...settings } = traced ?? {};
  return {
    ...(logs && { logs: resolved(logs, config).map(({ provider, value }) => ({ ...value, ...resolveProvider(provider, find) })) }),
    ...(traced && {
      tracing: { ...(settings as Omit<typeof traced, 'provider'>), ...(tracer && { provider: resolveProvider(tracer, find) }) },
    }),
    metrics: resolved(merged, config)
      .filter(({ provider }) => provider.prometheus !== undefined)
      .map(({ value }) => value),
  };
}

/** In the order of names as users wrote them; what no provider has as its name is left out. */
function resolved<T>(byName: ReadonlyMap<string, T>, config: MeshConfig) {
  return [...byName]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, value]) => {
      const provider = providerOf(config, name);
      return provider === undefined ? [] : [{ provider, value }];
    });
}

function resolveProvider(provider: ExtensionProvider, find: FindProviderService): ResolvedProvider {
  const target = targetOf(serviceOf(provider), find);
  const sampler = targetOf(provider.opentelemetry?.dynatraceSampler?.httpService, find);
  return { provider, ...(target && { target }), ...(sampler && { sampler }) };
}

function targetOf(
  named: { readonly service?: string; readonly port?: number } | undefined,
  find: FindProviderService,
): ProviderTarget | undefined {
  const hostname = named?.service ? find(named.service) : undefined;
  return hostname === undefined ? undefined : { hostname, port: named?.port ?? 0 };
}
