import type { FieldRemark, FieldState } from './field-remark.ts';

/** Fields of the MeshConfig with the settings of proxies in it, and of MeshNetworks. */
export const meshConfigRemarks: readonly FieldRemark[] = [
  remark('not supported', 'waits for ambient mode', ['hboneIdleTimeout', 'serviceScopeConfigs[]']),
  remark('not supported', 'waits for the certificate authority', ['ca', 'caCertificates[]']),
  remark('not supported', 'waits for the injection of sidecars', ['enablePrometheusMerge']),
  remark('not supported', 'is not a source of configuration here: start with --config, a cluster, or a MeshRegistries object', [
    'configSources[]',
  ]),
  remark('without effect', 'has no effect, in Istio neither', [
    'certificates[]',
    'verifyCertificateAtClient',
    'defaultInboundHttpRetryPolicy',
    'defaultTrafficPolicy.outlierDetection.consecutiveErrors',
    'defaultTrafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes',
    'defaultConfig.connectionSettings.clusterPerConnectionBufferLimitBytes',
    'defaultConfig.connectionSettings.listenerConnectionLimit',
    'defaultConfig.connectionSettings.globalDownstreamConnectionLimit',
  ]),
  remark('without effect', 'has no effect, in Istio neither: use an extension provider zipkin or opentelemetry', [
    'defaultConfig.tracing.stackdriver',
    'defaultConfig.tracing.openCensusAgent',
    'extensionProviders[].lightstep',
    'extensionProviders[].stackdriver',
    'extensionProviders[].opencensus',
  ]),
  remark('without effect', 'has no effect, in Istio neither: an EnvoyFilter can state it', ['extensionProviders[].skywalking.accessToken']),
  remark('without effect', 'has no effect, in Istio neither: the first provider of this kind serves all secrets', [
    'extensionProviders[].sds.name',
  ]),
  remark('not supported', 'waits for AuthorizationPolicy', [
    'extensionProviders[].envoyExtAuthzHttp',
    'extensionProviders[].envoyExtAuthzGrpc',
  ]),
  remark('elsewhere', "the agent's: it is in what an unmodified istio-proxy starts with, not in what it is served", [
    'defaultConfig.configPath',
    'defaultConfig.binaryPath',
    'defaultConfig.serviceCluster',
    'defaultConfig.tracingServiceName',
    'defaultConfig.drainDuration',
    'defaultConfig.discoveryRefreshDelay',
    'defaultConfig.zipkinAddress',
    'defaultConfig.statsdUdpAddress',
    'defaultConfig.envoyMetricsServiceAddress',
    'defaultConfig.proxyAdminPort',
    'defaultConfig.availabilityZone',
    'defaultConfig.controlPlaneAuthPolicy',
    'defaultConfig.customConfigFile',
    'defaultConfig.statNameLength',
    'defaultConfig.concurrency',
    'defaultConfig.tracing.zipkin',
    'defaultConfig.tracing.lightstep',
    'defaultConfig.tracing.datadog',
    'defaultConfig.tracing.tlsSettings',
    'defaultConfig.proxyBootstrapTemplatePath',
    'defaultConfig.interceptionMode',
    'defaultConfig.sds',
    'defaultConfig.envoyAccessLogService',
    'defaultConfig.envoyMetricsService',
    'defaultConfig.proxyMetadata',
    'defaultConfig.runtimeValues',
    'defaultConfig.statusPort',
    'defaultConfig.extraStatTags',
    'defaultConfig.terminationDrainDuration',
    'defaultConfig.readinessProbe',
    'defaultConfig.proxyStatsMatcher',
    'defaultConfig.holdApplicationUntilProxyStarts',
    'defaultConfig.caCertificatesPem',
    'defaultConfig.image',
    'defaultConfig.fileFlushInterval',
    'defaultConfig.fileFlushMinSizeKb',
    'defaultConfig.statsCompression',
  ]),
  remark('elsewhere', 'addresses in the status of Ingresses', ['ingressService']),
  remark('refused', 'is not supported for traffic inside the mesh', ['meshMTLS.ecdhCurves']),
  networksRemark('without effect', 'has no effect, in Istio neither: gateways are not chosen by locality', [
    'networks.*.gateways[].locality',
  ]),
  remark('not supported', 'private keys are not handed to hardware yet', ['defaultConfig.privateKeyProvider']),
];

function networksRemark(state: FieldState, says: string, paths: readonly string[]): FieldRemark {
  return { owner: 'MeshNetworks', paths, state, says };
}

function remark(state: FieldState, says: string, paths: readonly string[]): FieldRemark {
  return { owner: 'MeshConfig', paths, state, says };
}
