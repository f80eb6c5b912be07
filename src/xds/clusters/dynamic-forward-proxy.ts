import type { _envoy_config_cluster_v3_Cluster_DnsLookupFamily as DnsLookupFamily } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { DnsCacheConfig } from '../../envoy/generated/envoy/extensions/common/dynamic_forward_proxy/v3/DnsCacheConfig.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { allowAnyDynamicDnsCluster, outboundClusterName } from '../names.ts';
import { type ClusterDraft, finishCluster, type NamedCluster } from './cluster-draft.ts';
import { altStatName } from './stat-name.ts';
import { typedConfig } from './typed-config.ts';
import { applyUpstreamProtocol } from './upstream-protocol.ts';

const clusterConfigType = 'envoy.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig';

/** A wildcard host that Envoy resolves by the name in each request (ServiceEntry with resolution DYNAMIC_DNS). */
export function isDynamicForwardProxy(service: Pick<Service, 'hostname' | 'resolution'>): boolean {
  return service.resolution === 'DynamicDNS' && service.hostname.startsWith('*');
}

/** Protocols whose host name Envoy can read and resolve. */
const forwardable: readonly Protocol[] = ['HTTP', 'HTTP2', 'GRPC', 'TLS'];

/** Undefined for protocols that carry no host name to resolve. */
export function forwardProxyDraft(
  service: Service,
  port: ServicePort,
  scope: OutboundScope,
  settings: MeshSettings,
): ClusterDraft | undefined {
  if (!forwardable.includes(port.protocol)) return undefined;
  const name = outboundClusterName(port.number, '', service.hostname);
  const draft = draftOf(name, dnsCacheOf(service, scope, settings));
  applyUpstreamProtocol(draft, port, scope.role, settings);
  return draft;
}

/** The cluster behind ALLOW_ANY_DYNAMIC_DNS: any host that no service has. */
export function allowAnyForwardProxyDraft(scope: OutboundScope, settings: MeshSettings): ClusterDraft {
  return draftOf(allowAnyDynamicDnsCluster, allowAnyDnsCache(scope, settings));
}

/** Envoy knows a cache by its name: cluster and filter must say the same about it. */
export function dnsCacheOf(service: Pick<Service, 'hostname'>, scope: OutboundScope, settings: MeshSettings): DnsCacheConfig {
  return { name: `${service.hostname}_dfp_dns_cache`, dns_lookup_family: dnsLookupFamily(scope, settings) };
}

/** The cache of all hosts that no service has. */
export function allowAnyDnsCache(scope: OutboundScope, settings: MeshSettings): DnsCacheConfig {
  return { name: 'allow_any_dfp_dns_cache', dns_lookup_family: dnsLookupFamily(scope, settings), max_hosts: { value: 1024 } };
}

/**
 * Envoy refuses a forward proxy with HTTP options that does not take SNI and SANs from the request, unless told that this is
 * meant: as for plain text, a fixed SNI, or a server that is not verified. To be called when all else is settled.
 */
export function finishForwardProxy(draft: ClusterDraft): NamedCluster {
  const { auto_sni: sni, auto_san_validation: names } = draft.http?.upstream_http_protocol_options ?? {};
  if (draft.http !== undefined && !(sni && names)) allowInsecureForwarding(draft);
  return finishCluster(draft);
}

function allowInsecureForwarding({ cluster }: ClusterDraft): void {
  const config = cluster.cluster_type?.typed_config;
  if (config)
    cluster.cluster_type = {
      ...cluster.cluster_type,
      typed_config: typedConfig(clusterConfigType, { ...config, allow_insecure_cluster_options: true }),
    };
}

/** By the addresses that the proxy has; both families only where dual stack is switched on. */
export function dnsLookupFamily(scope: OutboundScope, settings: MeshSettings): DnsLookupFamily {
  const { ipv4, ipv6 } = scope.features;
  if (ipv6 && !ipv4) return 'V6_ONLY';
  return ipv4 && ipv6 && settings.flags.ISTIO_DUAL_STACK ? 'ALL' : 'V4_ONLY';
}

function draftOf(name: string, cache: DnsCacheConfig): ClusterDraft {
  return {
    cluster: {
      name,
      lb_policy: 'CLUSTER_PROVIDED',
      alt_stat_name: altStatName(name),
      cluster_type: {
        name: 'envoy.clusters.dynamic_forward_proxy',
        typed_config: typedConfig(clusterConfigType, { dns_cache_config: cache }),
      },
    },
    istioMetadata: {},
    isDynamicForwardProxy: true,
  };
}
