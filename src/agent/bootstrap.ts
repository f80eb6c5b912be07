import type { Bootstrap } from '../envoy/generated/envoy/config/bootstrap/v3/Bootstrap.ts';
import type { Cluster } from '../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Address } from '../envoy/generated/envoy/config/core/v3/Address.ts';
import type { ConfigSource } from '../envoy/generated/envoy/config/core/v3/ConfigSource.ts';
import { isIpAddress, isIpv6 } from '../lib/cidr.ts';
import { toStruct } from '../lib/struct.ts';
import { buildNode, type ProxyNodeSettings } from './proxy-node.ts';
import { buildStatsConfig, type StatsSelection } from './stats-config.ts';
import { type StatusPorts, statusListeners } from './status-listeners.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Everything that an Envoy must know before it asks the control plane for the rest. */
export interface BootstrapSettings {
  readonly node: ProxyNodeSettings;
  /** Where xDS is served, in plain text. */
  readonly xds: HostPort;
  /** Port 0 picks a free one. */
  readonly admin: HostPort;
  /** State of the world only for comparisons: delta sends less. */
  readonly xdsProtocol: 'delta' | 'sotw';
  readonly stats: StatsSelection;
  /** Need an admin port that is known beforehand. */
  readonly statusPorts?: StatusPorts;
}

const httpOptionsUrl = 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const connectionsUrl = 'type.googleapis.com/envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig';
/** No limit in practice, as pilot-agent has it; without one Envoy warns at every start. */
const maxConnections = 2 ** 31 - 1;

/** The bootstrap that pilot-agent would write for such a proxy, as a plain `envoy.config.bootstrap.v3.Bootstrap`. */
export function buildBootstrap(settings: BootstrapSettings): Bootstrap {
  const { admin } = settings;
  return {
    node: buildNode(settings.node),
    admin: { address: addressOf(admin) },
    layered_runtime: { layers: runtimeLayers() },
    stats_config: buildStatsConfig(settings.stats),
    bootstrap_extensions: [
      {
        name: 'envoy.bootstrap.internal_listener',
        typed_config: { '@type': 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener' },
      },
    ],
    overload_manager: {
      resource_monitors: [
        {
          name: 'envoy.resource_monitors.global_downstream_max_connections',
          typed_config: { '@type': connectionsUrl, max_active_downstream_connections: String(maxConnections) },
        },
      ],
    },
    dynamic_resources: {
      lds_config: overAds(),
      cds_config: overAds(),
      ads_config: {
        api_type: settings.xdsProtocol === 'delta' ? 'DELTA_GRPC' : 'GRPC',
        set_node_on_first_message_only: true,
        transport_api_version: 'V3',
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
    },
    static_resources: {
      clusters: [...(admin.port === 0 ? [] : [buildStatsCluster(admin)]), buildXdsCluster(settings.xds)],
      listeners: statusListeners(settings.statusPorts ?? {}, isIpv6(admin.host) ? '::' : '0.0.0.0'),
    },
  };
}

/** Envoy waits without end: starting with half a configuration would refuse traffic that is allowed. */
function overAds(): ConfigSource {
  return { ads: {}, initial_fetch_timeout: { seconds: '0' }, resource_api_version: 'V3' };
}

function runtimeLayers() {
  return [
    {
      name: 'global config',
      static_layer: toStruct({
        're2.max_program_size.error_level': 32768,
        // pilot-agent's choice: a path with a fragment is served, stripped, not refused
        'envoy.reloadable_features.http_reject_path_with_fragment': false,
      }),
    },
    { name: 'admin', admin_layer: {} },
  ];
}

/** Envoy's own admin interface as a cluster, for scrapes through a listener. */
function buildStatsCluster(admin: HostPort): Cluster {
  return {
    name: 'prometheus_stats',
    alt_stat_name: 'prometheus_stats;',
    type: 'STATIC',
    connect_timeout: { nanos: 250_000_000 },
    load_assignment: assignmentOf('prometheus_stats', admin),
  };
}

function buildXdsCluster(xds: HostPort): Cluster {
  return {
    name: 'xds-grpc',
    alt_stat_name: 'xds-grpc;',
    type: isIpAddress(xds.host) ? 'STATIC' : 'STRICT_DNS',
    connect_timeout: { seconds: '1' },
    load_assignment: assignmentOf('xds-grpc', xds),
    circuit_breakers: {
      thresholds: (['DEFAULT', 'HIGH'] as const).map((priority) => ({
        priority,
        max_connections: { value: 100_000 },
        max_pending_requests: { value: 100_000 },
        max_requests: { value: 100_000 },
      })),
    },
    upstream_connection_options: { tcp_keepalive: { keepalive_time: { value: 300 } } },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': httpOptionsUrl,
        explicit_http_config: {
          // a control plane that vanished without a word is noticed within 15 seconds
          http2_protocol_options: { connection_keepalive: { interval: { seconds: '10' }, timeout: { seconds: '5' } } },
        },
      },
    },
  };
}

function assignmentOf(cluster: string, target: HostPort) {
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: [{ endpoint: { address: addressOf(target) } }] }] };
}

function addressOf({ host, port }: HostPort): Address {
  return { socket_address: { address: host, port_value: port } };
}
