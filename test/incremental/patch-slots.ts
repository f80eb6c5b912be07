import { inNamespaces, type Slot, spec } from './slot.ts';

const manager = 'envoy.filters.network.http_connection_manager';
const router = { filterChain: { filter: { name: manager, subFilter: { name: 'envoy.filters.http.router' } } } };
const any = (type: string, fields: object = {}) => ({ '@type': `type.googleapis.com/envoy.${type}`, ...fields });

const lua = {
  name: 'envoy.filters.http.lua',
  typed_config: any('extensions.filters.http.lua.v3.Lua', { default_source_code: { inline_string: '-- nothing' } }),
};
const direct = (name: string, status: number) => ({ name, match: { path: `/${name}` }, direct_response: { status } });

/** Patches of every kind that all make something Envoy takes. */
const good = [
  {
    applyTo: 'CLUSTER',
    patch: { operation: 'MERGE', value: { connect_timeout: '1s', circuit_breakers: { thresholds: [{ max_requests: 3 }] } } },
  },
  { applyTo: 'HTTP_FILTER', match: { context: 'SIDECAR_INBOUND', listener: router }, patch: { operation: 'INSERT_BEFORE', value: lua } },
  { applyTo: 'HTTP_FILTER', match: { listener: { portNumber: 80 } }, patch: { operation: 'INSERT_FIRST', value: lua } },
  {
    applyTo: 'NETWORK_FILTER',
    match: { context: 'SIDECAR_OUTBOUND', listener: { filterChain: { filter: { name: manager } } } },
    patch: {
      operation: 'MERGE',
      value: {
        typed_config: any('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', { max_request_headers_kb: 80 }),
      },
    },
  },
  {
    applyTo: 'CLUSTER',
    match: { context: 'SIDECAR_OUTBOUND' },
    patch: {
      operation: 'ADD',
      value: {
        name: 'outside',
        type: 'STATIC',
        connect_timeout: '1s',
        load_assignment: {
          cluster_name: 'outside',
          endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '192.0.2.9', port_value: 80 } } } }] }],
        },
      },
    },
  },
  {
    applyTo: 'CLUSTER',
    match: { cluster: { service: 'db.shop.svc.cluster.local', portNumber: 81 } },
    patch: { operation: 'MERGE', value: { connect_timeout: '2s' } },
  },
  {
    applyTo: 'VIRTUAL_HOST',
    match: { routeConfiguration: { name: '80' } },
    patch: { operation: 'ADD', value: { name: 'own/host', domains: ['own.example.com'], routes: [direct('own', 200)] } },
  },
  {
    applyTo: 'VIRTUAL_HOST',
    match: { routeConfiguration: { vhost: { domainName: 'api.example.com' } } },
    patch: { operation: 'MERGE', value: { response_headers_to_add: [{ header: { key: 'x-patched', value: 'yes' } }] } },
  },
  {
    applyTo: 'VIRTUAL_HOST',
    match: { routeConfiguration: { vhost: { name: 'web.shop.svc.cluster.local:80' } } },
    patch: { operation: 'REMOVE' },
  },
  {
    applyTo: 'HTTP_ROUTE',
    match: { routeConfiguration: { portNumber: 80 } },
    patch: { operation: 'INSERT_FIRST', value: direct('first', 201) },
  },
  {
    applyTo: 'HTTP_ROUTE',
    match: { routeConfiguration: { vhost: { route: { action: 'REDIRECT' } } } },
    patch: { operation: 'MERGE', value: { redirect: { host_redirect: 'elsewhere.example.com' } } },
  },
  {
    applyTo: 'HTTP_ROUTE',
    match: { routeConfiguration: { vhost: { route: { name: 'default' } } } },
    patch: { operation: 'INSERT_AFTER', value: direct('last', 202) },
  },
  {
    applyTo: 'ROUTE_CONFIGURATION',
    match: { routeConfiguration: { name: '80' } },
    patch: { operation: 'MERGE', value: { response_headers_to_remove: ['x-away'] } },
  },
  {
    applyTo: 'LISTENER',
    match: { listener: { portNumber: 443 } },
    patch: { operation: 'MERGE', value: { per_connection_buffer_limit_bytes: 4096 } },
  },
  {
    applyTo: 'LISTENER_FILTER',
    match: { listener: { listenerFilter: 'envoy.filters.listener.http_inspector' } },
    patch: { operation: 'REMOVE' },
  },
  {
    applyTo: 'FILTER_CHAIN',
    match: { context: 'SIDECAR_OUTBOUND' },
    patch: { operation: 'MERGE', value: { transport_socket_connect_timeout: '9s' } },
  },
] as const;

/** What must be left out, each for another reason, without taking anything else along. */
export const brokenPatches = [
  { applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { connect_timeout: 'soon' } } },
  { applyTo: 'HTTP_FILTER', match: { listener: { filterChain: { filter: { name: manager } } } }, patch: { operation: 'ADD', value: lua } },
  { applyTo: 'HTTP_FILTER', match: { listener: router }, patch: { operation: 'REMOVE' } },
  { applyTo: 'VIRTUAL_HOST', patch: { operation: 'ADD', value: { name: 'twice', domains: ['*'], routes: [direct('twice', 200)] } } },
  {
    applyTo: 'NETWORK_FILTER',
    match: { listener: { filterChain: { filter: { name: manager } } } },
    patch: { operation: 'MERGE', value: lua },
  },
] as const;

const selectors = [undefined, { labels: { app: 'web' } }, { labels: { version: 'v2' } }] as const;

/** Two EnvoyFilters in each namespace, whose variants are some of the patches, for some workloads. */
export const patchSlots: readonly Slot[] = inNamespaces.flatMap((namespace, place) =>
  ['a', 'b'].map((name, second) => ({
    kind: 'EnvoyFilter',
    apiVersion: 'networking.istio.io/v1alpha3',
    namespace,
    name,
    variants: spec(
      ...[0, 1, 2, 3, 4, 5].map((variant) => {
        const first = variant + 3 * place + 5 * second;
        const selector = selectors[first % selectors.length];
        return {
          ...(selector && { workloadSelector: selector }),
          priority: (first % 3) - 1,
          configPatches: [good[first % good.length], brokenPatches[first % brokenPatches.length], good[(first + 7) % good.length]],
        };
      }),
    ),
  })),
);
