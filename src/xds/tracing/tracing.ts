import type { _envoy_extensions_filters_network_http_connection_manager_v3_HttpConnectionManager_Tracing as Tracing } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { ResolvedTracing } from '../../mesh/telemetry/resolved-telemetry.ts';
import { type FilterContext, telemetryOf } from '../filters/listener-class.ts';
import { customTags } from './custom-tags.ts';
import { isOlderThan } from './istio-version.ts';
import { type Tracer, tracerOf } from './tracer.ts';

/** `no_context_propagation` is newer than the base's message. */
type NewerTracing = Tracing & { readonly no_context_propagation?: boolean };

/** Where sampling that is stated makes no sense, one percent. */
const senselessSampling = 1;

/**
 * Tracing as Telemetry objects and default providers say; where they say nothing, to the collector of the proxy's bootstrap if
 * MeshConfig.enableTracing is on (Istio `configureTracingFromTelemetry`). Undefined: none.
 */
export function buildTracing(context: FilterContext): Tracing | undefined {
  const { tracing } = telemetryOf(context);
  if (tracing !== undefined) return telemetryTracing(context, tracing);
  const { config } = context.settings;
  if (config.enableTracing !== true) return undefined;
  const ofProxy = config.defaultConfig?.tracing;
  return {
    ...samplingFields(proxySampling(context)),
    ...(ofProxy?.maxPathTagLength && { max_path_tag_length: { value: ofProxy.maxPathTagLength } }),
    custom_tags: customTags(context, { hasIstioTags: ofProxy?.enableIstioTags !== false }),
  };
}

/** Whether a request's id says if it is sampled: Telemetry objects may say no. */
export function samplesByRequestId(context: FilterContext, tracing: Tracing | undefined): boolean {
  return tracing === undefined || (telemetryOf(context).tracing?.useRequestId ?? true);
}

function telemetryTracing(context: FilterContext, tracing: ResolvedTracing): Tracing | undefined {
  if (tracing.isDisabled || tracing.provider === undefined) return undefined;
  const tracer = tracerOf(tracing.provider, context);
  if (tracer === undefined) return undefined;
  const maxTagLength = tracer.maxTagLength || context.settings.config.defaultConfig?.tracing?.maxPathTagLength;
  const built: NewerTracing = {
    ...(tracer.startsChildSpan && { spawn_upstream_span: { value: true } }),
    provider: { name: tracer.name, typed_config: tracer.config },
    ...(maxTagLength && { max_path_tag_length: { value: maxTagLength } }),
    ...samplingFields(samplingOf(context, tracing, tracer)),
    custom_tags: customTags(context, tracing),
    ...(!tracing.isContextKept && !isOlderThan(context.scope.features, 30) && { no_context_propagation: true }),
  };
  return built;
}

/** A sampler of the provider's own must see every span. */
function samplingOf(context: FilterContext, { sampling }: ResolvedTracing, { hasOwnSampler }: Tracer): number {
  return hasOwnSampler ? 100 : (sampling ?? proxySampling(context));
}

function proxySampling({ settings }: FilterContext): number {
  const stated = settings.config.defaultConfig?.tracing?.sampling;
  if (!stated) return settings.flags.PILOT_TRACE_SAMPLING;
  return stated > 100 ? senselessSampling : stated;
}

function samplingFields(percent: number): Tracing {
  return { client_sampling: { value: 100 }, random_sampling: { value: percent }, overall_sampling: { value: 100 } };
}
