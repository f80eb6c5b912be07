/** ProxyConfig of the mesh configuration (`defaultConfig`, annotation proxy.istio.io/config). */

import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int, int32, number, string, uint32 } from '../field/scalars.ts';
import { clientTlsSettings } from '../parts/client-tls-settings.ts';
import { tcpKeepalive } from '../parts/connection-pool.ts';
import { proxyImage } from '../proxy-config/proxy-config.ts';
import { readinessProbe } from '../workload-group/workload-group.ts';

const zipkin = object({
  address: string(),
});
export type Zipkin = Infer<typeof zipkin>;

const lightstep = object({
  address: string(),
  accessToken: string(),
});
export type Lightstep = Infer<typeof lightstep>;

const datadog = object({
  address: string(),
});
export type Datadog = Infer<typeof datadog>;

const stackdriver = object({
  debug: bool(),
  maxNumberOfAttributes: int(),
  maxNumberOfAnnotations: int(),
  maxNumberOfMessageEvents: int(),
});
export type Stackdriver = Infer<typeof stackdriver>;

const openCensusAgent = object({
  address: string(),
  context: list(choice(['UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3'])),
});
export type OpenCensusAgent = Infer<typeof openCensusAgent>;

const literal = object({
  value: string(),
});
export type Literal = Infer<typeof literal>;

const environment = object({
  name: string(),
  defaultValue: string(),
});
export type Environment = Infer<typeof environment>;

const requestHeader = object({
  name: string(),
  defaultValue: string(),
});
export type RequestHeader = Infer<typeof requestHeader>;

const customTag = object(
  {
    literal,
    environment,
    header: requestHeader,
  },
  { atMostOneOf: [['literal', 'environment', 'header']] },
);
export type CustomTag = Infer<typeof customTag>;

const tracing = object(
  {
    zipkin,
    lightstep,
    datadog,
    stackdriver,
    openCensusAgent,
    customTags: map(customTag),
    maxPathTagLength: uint32(),
    sampling: number(),
    tlsSettings: clientTlsSettings,
    enableIstioTags: bool(),
  },
  { atMostOneOf: [['zipkin', 'lightstep', 'datadog', 'stackdriver', 'openCensusAgent']] },
);
export type Tracing = Infer<typeof tracing>;

const sds = object({
  enabled: bool(),
  k8sSaJwtPath: string(),
});
export type SDS = Infer<typeof sds>;

const remoteService = object({
  address: string(),
  tlsSettings: clientTlsSettings,
  tcpKeepalive,
});
export type RemoteService = Infer<typeof remoteService>;

const forwardClientCertDetails = choice(['UNDEFINED', 'SANITIZE', 'FORWARD_ONLY', 'APPEND_FORWARD', 'SANITIZE_SET', 'ALWAYS_FORWARD_ONLY']);

const proxyProtocolConfiguration = object({});
export type ProxyProtocolConfiguration = Infer<typeof proxyProtocolConfiguration>;

const topology = object({
  numTrustedProxies: uint32(),
  forwardClientCertDetails,
  proxyProtocol: proxyProtocolConfiguration,
});
export type Topology = Infer<typeof topology>;

const proxyStatsMatcher = object({
  inclusionPrefixes: list(string()),
  inclusionSuffixes: list(string()),
  inclusionRegexps: list(string()),
});
export type ProxyStatsMatcher = Infer<typeof proxyStatsMatcher>;

const cryptoMb = object({
  pollDelay: duration(),
  fallback: bool(),
});
export type CryptoMb = Infer<typeof cryptoMb>;

const qat = object({
  pollDelay: duration(),
  fallback: bool(),
});
export type QAT = Infer<typeof qat>;

const privateKeyProvider = object(
  {
    cryptomb: cryptoMb,
    qat,
  },
  { atMostOneOf: [['cryptomb', 'qat']] },
);
export type PrivateKeyProvider = Infer<typeof privateKeyProvider>;

const setCurrentClientCertDetails = object({
  subject: bool(),
  cert: bool(),
  chain: bool(),
  dns: bool(),
  uri: bool(),
});
export type SetCurrentClientCertDetails = Infer<typeof setCurrentClientCertDetails>;

const requestId = object({
  disabled: bool(),
});
export type RequestId = Infer<typeof requestId>;

const server = object({
  disabled: bool(),
  value: string(),
});
export type Server = Infer<typeof server>;

const attemptCount = object({
  disabled: bool(),
});
export type AttemptCount = Infer<typeof attemptCount>;

const envoyDebugHeaders = object({
  disabled: bool(),
});
export type EnvoyDebugHeaders = Infer<typeof envoyDebugHeaders>;

const metadataExchangeHeaders = object({
  mode: choice(['UNDEFINED', 'IN_MESH']),
});
export type MetadataExchangeHeaders = Infer<typeof metadataExchangeHeaders>;

const xForwardedHost = object({
  enabled: bool(),
});
export type XForwardedHost = Infer<typeof xForwardedHost>;

const xForwardedPort = object({
  enabled: bool(),
});
export type XForwardedPort = Infer<typeof xForwardedPort>;

const proxyHeaders = object({
  forwardedClientCert: forwardClientCertDetails,
  setCurrentClientCertDetails,
  requestId,
  server,
  attemptCount,
  envoyDebugHeaders,
  metadataExchangeHeaders,
  preserveHttp1HeaderCase: bool(),
  xForwardedHost,
  xForwardedPort,
});
export type ProxyHeaders = Infer<typeof proxyHeaders>;

const connectionSettings = object({
  profile: choice(['SIDECAR', 'EDGE']),
  listenerPerConnectionBufferLimitBytes: int32(),
  clusterPerConnectionBufferLimitBytes: int32(),
  httpIdleTimeout: duration(),
  httpMaxConnectionDuration: duration(),
  httpDrainTimeout: duration(),
  httpRequestTimeout: duration(),
  httpRequestHeadersTimeout: duration(),
  httpStreamIdleTimeout: duration(),
  httpMaxStreamDuration: duration(),
  httpMaxConcurrentStreams: int32(),
  http2InitialStreamWindowSize: int32(),
  http2InitialConnectionWindowSize: int32(),
  httpHeadersWithUnderscoresAction: choice([
    'HEADERS_WITH_UNDERSCORES_UNSPECIFIED',
    'HEADERS_WITH_UNDERSCORES_ALLOW',
    'HEADERS_WITH_UNDERSCORES_REJECT_REQUEST',
    'HEADERS_WITH_UNDERSCORES_DROP_HEADER',
  ]),
  httpMergeSlashes: bool(),
  httpPathWithEscapedSlashesAction: choice([
    'PATH_WITH_ESCAPED_SLASHES_UNSPECIFIED',
    'KEEP_UNCHANGED',
    'REJECT_REQUEST',
    'UNESCAPE_AND_REDIRECT',
    'UNESCAPE_AND_FORWARD',
  ]),
  listenerConnectionLimit: int32(),
  globalDownstreamConnectionLimit: int32(),
});
export type ConnectionSettings = Infer<typeof connectionSettings>;

export const proxySettings = object(
  {
    configPath: string(),
    binaryPath: string(),
    serviceCluster: string(),
    tracingServiceName: choice(['APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE']),
    drainDuration: duration(),
    discoveryAddress: string(),
    discoveryRefreshDelay: duration(),
    zipkinAddress: string(),
    statsdUdpAddress: string(),
    envoyMetricsServiceAddress: string(),
    proxyAdminPort: int32(),
    availabilityZone: string(),
    controlPlaneAuthPolicy: choice(['NONE', 'MUTUAL_TLS', 'INHERIT']),
    customConfigFile: string(),
    statNameLength: int32(),
    concurrency: int32(),
    proxyBootstrapTemplatePath: string(),
    interceptionMode: choice(['REDIRECT', 'TPROXY', 'NONE']),
    tracing,
    sds,
    envoyAccessLogService: remoteService,
    envoyMetricsService: remoteService,
    proxyMetadata: map(string()),
    runtimeValues: map(string()),
    statusPort: int32(),
    extraStatTags: list(string()),
    gatewayTopology: topology,
    terminationDrainDuration: duration(),
    meshId: string(),
    readinessProbe,
    proxyStatsMatcher,
    holdApplicationUntilProxyStarts: bool(),
    caCertificatesPem: list(string()),
    image: proxyImage,
    privateKeyProvider,
    proxyHeaders,
    fileFlushInterval: duration(),
    fileFlushMinSizeKb: uint32(),
    statsCompression: bool(),
    connectionSettings,
  },
  { atMostOneOf: [['serviceCluster', 'tracingServiceName']] },
);
export type ProxySettings = Infer<typeof proxySettings>;
