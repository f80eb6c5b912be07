/** Extension providers of the mesh configuration. */

import { list, map, object, struct } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int, int32, string, uint32 } from '../field/scalars.ts';

const envoyExternalAuthorizationRequestBody = object({
  maxRequestBytes: uint32(),
  allowPartialMessage: bool(),
  packAsBytes: bool(),
});
export type EnvoyExternalAuthorizationRequestBody = Infer<typeof envoyExternalAuthorizationRequestBody>;

const envoyExternalAuthorizationHttpProvider = object({
  service: string(),
  port: uint32(),
  timeout: duration(),
  pathPrefix: string(),
  failOpen: bool(),
  clearRouteCache: bool(),
  statusOnError: string(),
  includeHeadersInCheck: list(string()),
  includeRequestHeadersInCheck: list(string()),
  includeAdditionalHeadersInCheck: map(string()),
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
  headersToUpstreamOnAllow: list(string()),
  headersToDownstreamOnDeny: list(string()),
  headersToDownstreamOnAllow: list(string()),
});
export type EnvoyExternalAuthorizationHttpProvider = Infer<typeof envoyExternalAuthorizationHttpProvider>;

const envoyExternalAuthorizationGrpcProvider = object({
  service: string(),
  port: uint32(),
  timeout: duration(),
  failOpen: bool(),
  clearRouteCache: bool(),
  statusOnError: string(),
  includeRequestBodyInCheck: envoyExternalAuthorizationRequestBody,
});
export type EnvoyExternalAuthorizationGrpcProvider = Infer<typeof envoyExternalAuthorizationGrpcProvider>;

const httpHeader = object(
  {
    name: string(),
    value: string(),
    envName: string(),
  },
  { atMostOneOf: [['value', 'envName']] },
);
export type HttpHeader = Infer<typeof httpHeader>;

const zipkinTracingProvider = object({
  service: string(),
  port: uint32(),
  maxTagLength: uint32(),
  enable64bitTraceId: bool(),
  path: string(),
  traceContextOption: choice(['USE_B3', 'USE_B3_WITH_W3C_PROPAGATION']),
  timeout: duration(),
  headers: list(httpHeader),
});
export type ZipkinTracingProvider = Infer<typeof zipkinTracingProvider>;

const lightstepTracingProvider = object({
  service: string(),
  port: uint32(),
  accessToken: string(),
  maxTagLength: uint32(),
});
export type LightstepTracingProvider = Infer<typeof lightstepTracingProvider>;

const datadogTracingProvider = object({
  service: string(),
  port: uint32(),
  maxTagLength: uint32(),
});
export type DatadogTracingProvider = Infer<typeof datadogTracingProvider>;

const logging = object({
  labels: map(string()),
});
export type Logging = Infer<typeof logging>;

const stackdriverProvider = object({
  debug: bool(),
  maxNumberOfAttributes: int(),
  maxNumberOfAnnotations: int(),
  maxNumberOfMessageEvents: int(),
  maxTagLength: uint32(),
  logging,
});
export type StackdriverProvider = Infer<typeof stackdriverProvider>;

const openCensusAgentTracingProvider = object({
  service: string(),
  port: uint32(),
  context: list(choice(['UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3'])),
  maxTagLength: uint32(),
});
export type OpenCensusAgentTracingProvider = Infer<typeof openCensusAgentTracingProvider>;

const skyWalkingTracingProvider = object({
  service: string(),
  port: uint32(),
  accessToken: string(),
});
export type SkyWalkingTracingProvider = Infer<typeof skyWalkingTracingProvider>;

const httpService = object({
  path: string(),
  timeout: duration(),
  headers: list(httpHeader),
});
export type HttpService = Infer<typeof httpService>;

const grpcService = object({
  timeout: duration(),
  initialMetadata: list(httpHeader),
});
export type GrpcService = Infer<typeof grpcService>;

const environmentResourceDetector = object({});
export type EnvironmentResourceDetector = Infer<typeof environmentResourceDetector>;

const dynatraceResourceDetector = object({});
export type DynatraceResourceDetector = Infer<typeof dynatraceResourceDetector>;

const resourceDetectors = object({
  environment: environmentResourceDetector,
  dynatrace: dynatraceResourceDetector,
});
export type ResourceDetectors = Infer<typeof resourceDetectors>;

const dynatraceApi = object({
  service: string(),
  port: uint32(),
  http: httpService,
});
export type DynatraceApi = Infer<typeof dynatraceApi>;

const dynatraceSampler = object({
  tenant: string(),
  clusterId: int32(),
  rootSpansPerMinute: uint32(),
  httpService: dynatraceApi,
});
export type DynatraceSampler = Infer<typeof dynatraceSampler>;

const openTelemetryTracingProvider = object({
  service: string(),
  port: uint32(),
  maxTagLength: uint32(),
  http: httpService,
  grpc: grpcService,
  resourceDetectors,
  serviceAttributeEnrichment: choice(['ISTIO_CANONICAL', 'OTEL_SEMANTIC_CONVENTIONS']),
  dynatraceSampler,
});
export type OpenTelemetryTracingProvider = Infer<typeof openTelemetryTracingProvider>;

const prometheusMetricsProvider = object({});
export type PrometheusMetricsProvider = Infer<typeof prometheusMetricsProvider>;

const fileLogFormat = object(
  {
    text: string(),
    labels: struct(),
  },
  { atMostOneOf: [['text', 'labels']] },
);
export type FileLogFormat = Infer<typeof fileLogFormat>;

const envoyFileAccessLogProvider = object({
  path: string(),
  logFormat: fileLogFormat,
  omitEmptyValues: bool(),
});
export type EnvoyFileAccessLogProvider = Infer<typeof envoyFileAccessLogProvider>;

const envoyHttpGrpcV3LogProvider = object({
  service: string(),
  port: uint32(),
  logName: string(),
  filterStateObjectsToLog: list(string()),
  additionalRequestHeadersToLog: list(string()),
  additionalResponseHeadersToLog: list(string()),
  additionalResponseTrailersToLog: list(string()),
});
export type EnvoyHttpGrpcV3LogProvider = Infer<typeof envoyHttpGrpcV3LogProvider>;

const envoyTcpGrpcV3LogProvider = object({
  service: string(),
  port: uint32(),
  logName: string(),
  filterStateObjectsToLog: list(string()),
});
export type EnvoyTcpGrpcV3LogProvider = Infer<typeof envoyTcpGrpcV3LogProvider>;

const openTelemetryLogFormat = object({
  text: string(),
  labels: struct(),
});
export type OpenTelemetryLogFormat = Infer<typeof openTelemetryLogFormat>;

const envoyOpenTelemetryLogProvider = object({
  service: string(),
  port: uint32(),
  logName: string(),
  logFormat: openTelemetryLogFormat,
});
export type EnvoyOpenTelemetryLogProvider = Infer<typeof envoyOpenTelemetryLogProvider>;

const sdsProvider = object({
  name: string(),
  service: string(),
  port: uint32(),
});
export type SDSProvider = Infer<typeof sdsProvider>;

export const extensionProvider = object(
  {
    name: string(),
    envoyExtAuthzHttp: envoyExternalAuthorizationHttpProvider,
    envoyExtAuthzGrpc: envoyExternalAuthorizationGrpcProvider,
    zipkin: zipkinTracingProvider,
    lightstep: lightstepTracingProvider,
    datadog: datadogTracingProvider,
    stackdriver: stackdriverProvider,
    opencensus: openCensusAgentTracingProvider,
    skywalking: skyWalkingTracingProvider,
    opentelemetry: openTelemetryTracingProvider,
    prometheus: prometheusMetricsProvider,
    envoyFileAccessLog: envoyFileAccessLogProvider,
    envoyHttpAls: envoyHttpGrpcV3LogProvider,
    envoyTcpAls: envoyTcpGrpcV3LogProvider,
    envoyOtelAls: envoyOpenTelemetryLogProvider,
    sds: sdsProvider,
  },
  {
    atMostOneOf: [
      [
        'envoyExtAuthzHttp',
        'envoyExtAuthzGrpc',
        'zipkin',
        'lightstep',
        'datadog',
        'stackdriver',
        'opencensus',
        'skywalking',
        'opentelemetry',
        'prometheus',
        'envoyFileAccessLog',
        'envoyHttpAls',
        'envoyTcpAls',
        'envoyOtelAls',
        'sds',
      ],
    ],
  },
);
export type ExtensionProvider = Infer<typeof extensionProvider>;
