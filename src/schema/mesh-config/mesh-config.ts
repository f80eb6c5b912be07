/** MeshConfig: the settings of the whole mesh. */

import { zoneAwareLoadBalancerSetting } from '../destination-rule/load-balancer.ts';
import { outlierDetection } from '../destination-rule/outlier-detection.ts';
import { list, map, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int32, string } from '../field/scalars.ts';
import { clientTlsSettings } from '../parts/client-tls-settings.ts';
import { connectionPoolSettings, tcpKeepalive } from '../parts/connection-pool.ts';
import { httpRetry } from '../parts/http-retry.ts';
import { localityLoadBalancerSetting } from '../parts/locality-load-balancer.ts';
import { extensionProvider } from './extension-provider.ts';
import { proxySettings } from './proxy-settings.ts';

const outboundTrafficPolicy = object({
  mode: choice(['REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS']),
  tls: clientTlsSettings,
});
export type OutboundTrafficPolicy = Infer<typeof outboundTrafficPolicy>;

const inboundTrafficPolicy = object({
  mode: choice(['PASSTHROUGH', 'LOCALHOST']),
});
export type InboundTrafficPolicy = Infer<typeof inboundTrafficPolicy>;

const configSource = object({
  address: string(),
  tlsSettings: clientTlsSettings,
  subscribedResources: list(choice(['SERVICE_REGISTRY'])),
});
export type ConfigSource = Infer<typeof configSource>;

const certificateData = object(
  {
    pem: string(),
    spiffeBundleUrl: string(),
    certSigners: list(string()),
    trustDomains: list(string()),
  },
  { atMostOneOf: [['pem', 'spiffeBundleUrl']] },
);
export type CertificateData = Infer<typeof certificateData>;

const certificate = object({
  secretName: string(),
  dnsNames: list(string()),
});
export type Certificate = Infer<typeof certificate>;

const settings = object({
  clusterLocal: bool(),
});
export type Settings = Infer<typeof settings>;

const serviceSettings = object({
  settings,
  hosts: list(string()),
});
export type ServiceSettings = Infer<typeof serviceSettings>;

const labelSelectorRequirement = object({
  key: string(),
  operator: string(),
  values: list(string()),
});
export type LabelSelectorRequirement = Infer<typeof labelSelectorRequirement>;

const labelSelector = object({
  matchLabels: map(string()),
  matchExpressions: list(labelSelectorRequirement),
});
export type LabelSelector = Infer<typeof labelSelector>;

const serviceScopeConfigs = object({
  namespaceSelector: labelSelector,
  servicesSelector: labelSelector,
  scope: choice(['LOCAL', 'GLOBAL']),
});
export type ServiceScopeConfigs = Infer<typeof serviceScopeConfigs>;

const ca = object({
  address: string(),
  tlsSettings: clientTlsSettings,
  requestTimeout: duration(),
  istiodSide: bool(),
});
export type CA = Infer<typeof ca>;

const defaultProviders = object({
  tracing: list(string()),
  metrics: list(string()),
  accessLogging: list(string()),
});
export type DefaultProviders = Infer<typeof defaultProviders>;

const proxyPathNormalization = object({
  normalization: choice(['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']),
});
export type ProxyPathNormalization = Infer<typeof proxyPathNormalization>;

const tlsConfig = object({
  minProtocolVersion: choice(['TLS_AUTO', 'TLSV1_2', 'TLSV1_3']),
  ecdhCurves: list(string()),
  cipherSuites: list(string()),
});
export type TlsConfig = Infer<typeof tlsConfig>;

const defaultTrafficPolicy = object({
  connectionPool: connectionPoolSettings,
  outlierDetection,
});
export type DefaultTrafficPolicy = Infer<typeof defaultTrafficPolicy>;

const visibility = choice(['VISIBILITY_UNSPECIFIED', 'NONE', 'NAMESPACE', 'PUBLIC']);

const matchRule = object({
  namespaceSelector: labelSelector,
});
export type MatchRule = Infer<typeof matchRule>;

const policy = object({
  visibility,
  matchingRules: list(matchRule),
});
export type Policy = Infer<typeof policy>;

const serviceEntryVisibility = object({
  defaultVisibility: visibility,
  applyToSidecars: bool(),
  policies: list(policy),
});
export type ServiceEntryVisibility = Infer<typeof serviceEntryVisibility>;

export const meshConfig = object({
  proxyListenPort: int32(),
  proxyInboundListenPort: int32(),
  proxyHttpPort: int32(),
  connectTimeout: duration(),
  hboneIdleTimeout: duration(),
  protocolDetectionTimeout: duration(),
  tcpKeepalive,
  ingressClass: string(),
  ingressService: string(),
  ingressControllerMode: choice(['UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT']),
  ingressSelector: string(),
  enableTracing: bool(),
  accessLogFile: string(),
  accessLogFormat: string(),
  accessLogEncoding: choice(['TEXT', 'JSON']),
  enableEnvoyAccessLogService: bool(),
  disableEnvoyListenerLog: bool(),
  defaultConfig: proxySettings,
  outboundTrafficPolicy,
  inboundTrafficPolicy,
  configSources: list(configSource),
  enableAutoMtls: bool(),
  trustDomain: string(),
  trustDomainAliases: list(string()),
  caCertificates: list(certificateData),
  defaultServiceExportTo: list(string()),
  defaultVirtualServiceExportTo: list(string()),
  defaultDestinationRuleExportTo: list(string()),
  rootNamespace: string(),
  localityLbSetting: localityLoadBalancerSetting,
  zoneAwareLbSetting: zoneAwareLoadBalancerSetting,
  dnsRefreshRate: duration(),
  h2UpgradePolicy: choice(['DO_NOT_UPGRADE', 'UPGRADE']),
  inboundClusterStatName: string(),
  outboundClusterStatName: string(),
  certificates: list(certificate),
  serviceSettings: list(serviceSettings),
  serviceScopeConfigs: list(serviceScopeConfigs),
  enablePrometheusMerge: bool(),
  verifyCertificateAtClient: bool(),
  ca,
  extensionProviders: list(extensionProvider),
  defaultProviders,
  discoverySelectors: list(labelSelector),
  pathNormalization: proxyPathNormalization,
  defaultHttpRetryPolicy: httpRetry,
  defaultInboundHttpRetryPolicy: httpRetry,
  meshMTLS: tlsConfig,
  tlsDefaults: tlsConfig,
  defaultTrafficPolicy,
  serviceEntryVisibility,
});
export type MeshConfig = Infer<typeof meshConfig>;
