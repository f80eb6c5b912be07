import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import type { Duration } from '../../lib/duration.ts';
import { toStruct } from '../../lib/struct.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { ClusterDraft } from './cluster-draft.ts';
import { durationField } from './duration-field.ts';
import { dnsLookupFamily } from './dynamic-forward-proxy.ts';
import { altStatName } from './stat-name.ts';
import { typedConfig } from './typed-config.ts';
import { applyUpstreamProtocol } from './upstream-protocol.ts';

export type DiscoveryType = 'EDS' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST' | 'STATIC';

/** What the first draft of any cluster is made from. */
export interface BaseClusterInput {
  readonly name: string;
  readonly type: DiscoveryType;
  /** Of STATIC and DNS clusters. */
  readonly loadAssignment?: ClusterLoadAssignment;
  readonly port: ServicePort;
  readonly service: Service;
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
}

/** How the endpoints of a service are found; a gateway has no original destination, so it gets the endpoints instead. */
export function discoveryType(service: Service, role: ProxyRole, settings: MeshSettings): DiscoveryType {
  switch (service.resolution) {
    case 'DNSLB':
      return 'STRICT_DNS';
    case 'DNSRoundRobinLB':
      return 'LOGICAL_DNS';
    case 'Passthrough':
      if (role === 'router') return 'EDS';
      return service.provider === 'Kubernetes' && settings.flags.PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES ? 'EDS' : 'ORIGINAL_DST';
    default:
      return 'EDS';
  }
}

export function isDns(type: DiscoveryType): type is 'STRICT_DNS' | 'LOGICAL_DNS' {
  return type === 'STRICT_DNS' || type === 'LOGICAL_DNS';
}

/** Name, type, resolution and upstream protocol: what inbound and outbound clusters have in common. */
export function baseCluster(input: BaseClusterInput): ClusterDraft {
  const { name, type, port, scope, settings } = input;
  const draft: ClusterDraft = {
    cluster: {
      name,
      type,
      alt_stat_name: altStatName(name),
      common_lb_config: {},
      ...(isDns(type) ? dnsSettings(scope, settings) : {}),
      ...(input.loadAssignment === undefined ? {} : { load_assignment: { ...input.loadAssignment, cluster_name: name } }),
      ...(type === 'ORIGINAL_DST' ? portOverride(input.service, port) : {}),
    },
    istioMetadata: {},
    isDynamicForwardProxy: false,
  };
  applyUpstreamProtocol(draft, port, scope.role, settings);
  return draft;
}

/** Endpoints over ADS, under the cluster's own name. Comes last, as a traffic policy may change the type. */
export function applyEdsConfig({ cluster }: ClusterDraft): void {
  if (cluster.type !== 'EDS') return;
  cluster.eds_cluster_config = {
    service_name: cluster.name,
    eds_config: { ads: {}, initial_fetch_timeout: { seconds: '0', nanos: 0 }, resource_api_version: 'V3' },
  };
}

/** Istio's TCP metadata exchange on upstream connections, where the Envoy has that filter. */
export function applyMetadataExchange({ cluster }: ClusterDraft, scope: OutboundScope, settings: MeshSettings): void {
  if (!settings.flags.PILOT_ENABLE_METADATA_EXCHANGE || !scope.features.istioExtensions) return;
  cluster.filters = [
    ...(cluster.filters ?? []),
    {
      name: 'istio.metadata_exchange',
      typed_config: typedConfig('udpa.type.v1.TypedStruct', {
        type_url: 'type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange',
        value: toStruct({ enable_discovery: true, protocol: 'istio-peer-exchange' }),
      }),
    },
  ];
}

/** `dns_jitter` is newer than the base's message; Envoys that do not know it look names up without jitter. */
type NewerCluster = Cluster & { readonly dns_jitter: Duration };

function dnsSettings(scope: OutboundScope, settings: MeshSettings): NewerCluster {
  return {
    dns_jitter: settings.flags.PILOT_DNS_JITTER_DURATION,
    dns_lookup_family: dnsLookupFamily(scope, settings),
    dns_refresh_rate: durationField(settings.config.dnsRefreshRate) ?? { seconds: '60', nanos: 0 },
    respect_dns_ttl: true,
    typed_dns_resolver_config: {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: typedConfig('envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig', {
        udp_max_queries: { value: 100 },
      }),
    },
  };
}

/** A ServiceEntry without endpoints may still say another port to connect to (Istio `PassthroughTargetPorts`). */
function portOverride(service: Service, port: ServicePort): Cluster {
  const target = service.provider === 'External' ? service.targetPorts[port.number] : undefined;
  return typeof target === 'number' ? { original_dst_lb_config: { upstream_port_override: { value: target } } } : {};
}
