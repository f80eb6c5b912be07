import type { DatadogConfig } from '../../envoy/generated/envoy/config/trace/v3/DatadogConfig.ts';
import type { SkyWalkingConfig } from '../../envoy/generated/envoy/config/trace/v3/SkyWalkingConfig.ts';
import type { ZipkinConfig } from '../../envoy/generated/envoy/config/trace/v3/ZipkinConfig.ts';
import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import type { ProviderTarget, ResolvedProvider } from '../../mesh/telemetry/resolved-telemetry.ts';
import type { ZipkinTracingProvider } from '../../schema/mesh-config/extension-provider.ts';
import { durationField } from '../clusters/duration-field.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { envoyGrpc, providerCluster } from '../filters/provider-cluster.ts';
import { isOlderThan } from './istio-version.ts';
import { buildOpenTelemetry } from './open-telemetry.ts';
import { requestHeaders } from './provider-headers.ts';

/** A tracing provider as the connection manager wants it. */
export interface Tracer {
  readonly name: string;
  readonly config: Any;
  /** 0: Envoy's own. */
  readonly maxTagLength: number;
  /** A span of its own for the way upstream: gateways, and collectors that want one. */
  readonly startsChildSpan: boolean;
  /** The provider decides itself what is sampled. */
  readonly hasOwnSampler: boolean;
}

/**
 * The tracer of a provider (Istio `configureFromProviderConfig`). Undefined: its kind cannot trace (any more), or the service of
 * its collector cannot be found.
 */
export function tracerOf({ provider, target, sampler }: ResolvedProvider, context: FilterContext): Tracer | undefined {
  if (target === undefined) return undefined;
  const { zipkin, datadog, skywalking, opentelemetry } = provider;
  const common = { maxTagLength: 0, startsChildSpan: context.class === 'gateway', hasOwnSampler: false };
  if (zipkin !== undefined) {
    const config = typedConfig('envoy.config.trace.v3.ZipkinConfig', zipkinConfig(zipkin, target, context));
    return { ...common, name: 'envoy.tracers.zipkin', config, maxTagLength: zipkin.maxTagLength ?? 0 };
  }
  if (datadog !== undefined) {
    const config = typedConfig('envoy.config.trace.v3.DatadogConfig', datadogConfig(target, context));
    return { ...common, name: 'envoy.tracers.datadog', config, maxTagLength: datadog.maxTagLength ?? 0 };
  }
  if (skywalking !== undefined) {
    const message: SkyWalkingConfig = { grpc_service: envoyGrpc(target) };
    const config = typedConfig('envoy.config.trace.v3.SkyWalkingConfig', message);
    return { ...common, name: 'envoy.tracers.skywalking', config, startsChildSpan: true };
  }
  if (opentelemetry === undefined) return undefined;
  const message = buildOpenTelemetry(opentelemetry, { target, serviceName: context.spanService ?? '', ...(sampler && { sampler }) });
  if (message === undefined) return undefined;
  const config = typedConfig('envoy.config.trace.v3.OpenTelemetryConfig', message);
  const hasOwnSampler = opentelemetry.dynatraceSampler !== undefined;
  return { ...common, name: 'envoy.tracers.opentelemetry', config, maxTagLength: opentelemetry.maxTagLength ?? 0, hasOwnSampler };
}

/** Proxies since Istio 1.29 reach the collector as an HTTP service; older ones know neither timeout nor headers. */
function zipkinConfig(stated: ZipkinTracingProvider, target: ProviderTarget, { scope }: FilterContext): ZipkinConfig {
  const { path, timeout, headers = [], traceContextOption, enable64bitTraceId } = stated;
  const endpoint = path || '/api/v2/spans';
  const cluster = providerCluster(target);
  const common: ZipkinConfig = {
    collector_endpoint_version: 'HTTP_JSON',
    trace_id_128bit: enable64bitTraceId !== true,
    shared_span_context: { value: false },
    ...(traceContextOption === 'USE_B3_WITH_W3C_PROPAGATION' &&
      !isOlderThan(scope.features, 28) && { trace_context_option: traceContextOption }),
  };
  if (isOlderThan(scope.features, 29)) {
    return { ...common, collector_cluster: cluster, collector_endpoint: endpoint, collector_hostname: target.hostname };
  }
  const uri = `http://${target.hostname}${endpoint}`;
  return {
    ...common,
    collector_service: {
      http_uri: { uri, cluster, timeout: durationField(timeout) ?? { seconds: '5', nanos: 0 } },
      ...(headers.length > 0 && { request_headers_to_add: requestHeaders(headers) }),
    },
  };
}

/** Envoy refuses a tracer without a name for the service. */
function datadogConfig(target: ProviderTarget, { spanService }: FilterContext): DatadogConfig {
  return { collector_cluster: providerCluster(target), service_name: spanService || 'istio-proxy', collector_hostname: target.hostname };
}
