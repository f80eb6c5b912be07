import type { HttpService } from '../../envoy/generated/envoy/config/core/v3/HttpService.ts';
import type { TypedExtensionConfig } from '../../envoy/generated/envoy/config/core/v3/TypedExtensionConfig.ts';
import type { OpenTelemetryConfig } from '../../envoy/generated/envoy/config/trace/v3/OpenTelemetryConfig.ts';
import type { DynatraceSamplerConfig } from '../../envoy/generated/envoy/extensions/tracers/opentelemetry/samplers/v3/DynatraceSamplerConfig.ts';
import type { ProviderTarget } from '../../mesh/telemetry/resolved-telemetry.ts';
import type {
  DynatraceSampler,
  HttpService as ExporterService,
  OpenTelemetryTracingProvider,
  ResourceDetectors,
} from '../../schema/mesh-config/extension-provider.ts';
import { durationField } from '../clusters/duration-field.ts';
import { typedConfig } from '../clusters/typed-config.ts';
import { envoyGrpc, providerCluster } from '../filters/provider-cluster.ts';
import { initialMetadata, requestHeaders } from './provider-headers.ts';

export interface OpenTelemetryTargets {
  readonly target: ProviderTarget;
  /** Where a Dynatrace sampler asks, if that is not the exporter. */
  readonly sampler?: ProviderTarget;
  readonly serviceName: string;
}

const extensions = 'envoy.extensions.tracers.opentelemetry';

/** An OpenTelemetry exporter, over HTTP or gRPC (Istio `otelConfig`). Undefined: its sampler has nobody to ask. */
export function buildOpenTelemetry(stated: OpenTelemetryTracingProvider, targets: OpenTelemetryTargets): OpenTelemetryConfig | undefined {
  const { target, serviceName } = targets;
  const { http, grpc, dynatraceSampler } = stated;
  const sampler = dynatraceSampler && samplerConfig(dynatraceSampler, http, targets);
  if (dynatraceSampler !== undefined && sampler === undefined) return undefined;
  const timeout = durationField(grpc?.timeout);
  const metadata = initialMetadata(grpc?.initialMetadata ?? []);
  const detectors = detectorConfigs(stated.resourceDetectors, stated.serviceAttributeEnrichment === 'OTEL_SEMANTIC_CONVENTIONS');
  return {
    service_name: serviceName,
    ...(http
      ? { http_service: exporterService(joinPath(target.hostname, http.path ?? ''), target, http) }
      : {
          grpc_service: {
            ...envoyGrpc(target),
            ...(timeout && { timeout }),
            ...(metadata.length > 0 && { initial_metadata: metadata }),
          },
        }),
    ...(detectors.length > 0 && { resource_detectors: detectors }),
    ...(sampler && { sampler }),
  };
}

/** Envoy refuses a listener whose exporter has no timeout; the default is that of Istio's API, which Istio itself forgets. */
function exporterService(uri: string, target: ProviderTarget, { timeout: stated, headers = [] }: ExporterService): HttpService {
  const timeout = durationField(stated) ?? { seconds: '3', nanos: 0 };
  return {
    http_uri: { uri, cluster: providerCluster(target), timeout },
    ...(headers.length > 0 && { request_headers_to_add: requestHeaders(headers) }),
  };
}

/** The semantic conventions let the proxy's environment have the last word. */
function detectorConfigs(stated: ResourceDetectors | undefined, followsConventions: boolean): TypedExtensionConfig[] {
  return [
    ...(stated?.environment ? [detector('environment', 'EnvironmentResourceDetectorConfig')] : []),
    ...(stated?.dynatrace ? [detector('dynatrace', 'DynatraceResourceDetectorConfig')] : []),
    ...(followsConventions && !stated?.environment ? [detector('environment', 'EnvironmentResourceDetectorConfig')] : []),
  ];
}

function detector(name: string, message: string): TypedExtensionConfig {
  return {
    name: `envoy.tracers.opentelemetry.resource_detectors.${name}`,
    typed_config: typedConfig(`${extensions}.resource_detectors.v3.${message}`),
  };
}

/** It asks the exporter's host, unless it has an API of its own. */
function samplerConfig(
  { tenant = '', clusterId = 0, rootSpansPerMinute = 0, httpService: api }: DynatraceSampler,
  exporter: ExporterService | undefined,
  { target, sampler }: OpenTelemetryTargets,
): TypedExtensionConfig | undefined {
  const place = api === undefined ? target : sampler;
  const service = api === undefined ? exporter : (api.http ?? {});
  if (place === undefined || service === undefined) return undefined;
  const path = api === undefined ? 'api/v2/samplingConfiguration' : (service.path ?? '');
  const message: DynatraceSamplerConfig = {
    tenant,
    cluster_id: clusterId,
    root_spans_per_minute: rootSpansPerMinute,
    http_service: exporterService(joinPath(place.hostname, path), place, service),
  };
  return {
    name: 'envoy.tracers.opentelemetry.samplers.dynatrace',
    typed_config: typedConfig(`${extensions}.samplers.v3.DynatraceSamplerConfig`, message),
  };
}

/** Host and path with one slash between them. */
function joinPath(host: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return [host, ...parts].join('/') + (parts.length > 0 && path.endsWith('/') ? '/' : '');
}
