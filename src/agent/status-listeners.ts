import type { Listener } from '../envoy/generated/envoy/config/listener/v3/Listener.ts';

/** Ports at which a proxy says how it is to whoever reaches its pod; its admin interface stays on loopback. */
export interface StatusPorts {
  /** `/healthz/ready`: 200 once Envoy has its first whole configuration. Istio's is 15021. */
  readonly ready?: number;
  /** `/stats/prometheus`. Istio's is 15090. */
  readonly stats?: number;
}

const managerUrl = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const routerUrl = 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router';
/** The bootstrap's cluster for the admin interface. */
const adminCluster = 'prometheus_stats';

/** Listeners of the bootstrap that hand out one page of the admin interface each. */
export function statusListeners({ ready, stats }: StatusPorts, address: '0.0.0.0' | '::'): Listener[] {
  return [
    ...(ready === undefined ? [] : [pageListener('status', { address, port: ready, path: '/healthz/ready', adminPath: '/ready' })]),
    ...(stats === undefined
      ? []
      : [pageListener('prometheus', { address, port: stats, path: '/stats/prometheus', adminPath: '/stats/prometheus' })]),
  ];
}

interface Page {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly adminPath: string;
}

function pageListener(name: string, { address, port, path, adminPath }: Page): Listener {
  const route = { match: { path }, route: { cluster: adminCluster, prefix_rewrite: adminPath } };
  return {
    name,
    address: { socket_address: { address, port_value: port } },
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              '@type': managerUrl,
              stat_prefix: name,
              codec_type: 'AUTO',
              route_config: { virtual_hosts: [{ name: 'backend', domains: ['*'], routes: [route] }] },
              http_filters: [{ name: 'envoy.filters.http.router', typed_config: { '@type': routerUrl } }],
            },
          },
        ],
      },
    ],
  };
}
