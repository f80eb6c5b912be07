/** The settings of a mesh that states none: the values of Istio's standard install (`pkg/config/mesh/mesh.go`). */

import type { MeshConfig } from './mesh-config.ts';
import type { ProxySettings } from './proxy-settings.ts';

export const defaultProxySettings = {
  configPath: './etc/istio/proxy',
  binaryPath: '/usr/local/bin/envoy',
  serviceCluster: 'istio-proxy',
  drainDuration: '45s',
  terminationDrainDuration: '5s',
  proxyAdminPort: 15000,
  controlPlaneAuthPolicy: 'MUTUAL_TLS',
  discoveryAddress: 'istiod.istio-system.svc:15012',
  statNameLength: 189,
  statusPort: 15020,
} as const satisfies ProxySettings;

const defaults = {
  enableTracing: true,
  accessLogFile: '',
  accessLogEncoding: 'TEXT',
  accessLogFormat: '',
  enableEnvoyAccessLogService: false,
  protocolDetectionTimeout: '0s',
  ingressService: 'istio-ingressgateway',
  ingressControllerMode: 'STRICT',
  ingressClass: 'istio',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  enableAutoMtls: true,
  outboundTrafficPolicy: { mode: 'ALLOW_ANY' },
  inboundTrafficPolicy: { mode: 'PASSTHROUGH' },
  localityLbSetting: { enabled: true },
  defaultConfig: defaultProxySettings,
  rootNamespace: 'istio-system',
  proxyListenPort: 15001,
  proxyInboundListenPort: 15006,
  connectTimeout: '10s',
  defaultServiceExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  dnsRefreshRate: '60s',
  serviceSettings: [],
  enablePrometheusMerge: true,
  defaultProviders: {},
  extensionProviders: [
    { name: 'prometheus', prometheus: {} },
    { name: 'stackdriver', stackdriver: {} },
    { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
  ],
} as const satisfies MeshConfig;

type Defaulted = keyof typeof defaults;

/** Proxy settings in which everything that has a default is there; `serviceCluster` alone may give way to `tracingServiceName`. */
export type ResolvedProxySettings = ProxySettings & {
  readonly [K in Exclude<keyof typeof defaultProxySettings, 'serviceCluster'>]: NonNullable<ProxySettings[K]>;
};

/** A mesh configuration in which everything that has a default is there. */
export type ResolvedMeshConfig = MeshConfig & {
  readonly [K in Exclude<Defaulted, 'defaultConfig'>]: NonNullable<MeshConfig[K]>;
} & { readonly defaultConfig: ResolvedProxySettings };

export const defaultMeshConfig: ResolvedMeshConfig = defaults;
