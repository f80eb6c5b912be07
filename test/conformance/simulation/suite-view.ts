import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../../src/envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { RouteMatch } from '../../../src/envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { ServedResources } from '../../../src/simulate/resources.ts';
import type { ProxyXds } from './proxy-xds.ts';
import { connectionManagerOf, tlsContextOf } from './typed-parts.ts';

/**
 * What a proxy is served as the suite looks at it: routes match by their paths alone, and names in client certificates are not looked
 * at. A table that is missing is one without hosts; endpoints do not matter.
 */
export function suiteView(xds: ProxyXds, change: (listener: Listener) => Listener = (listener) => listener): ServedResources {
  const tables = new Map([...xds.routes].map(([name, table]) => [name, byPathOnly(table)] as const));
  return {
    listeners: new Map(xds.listeners.map((listener) => [listener.name ?? '', change(plainListener(listener))])),
    routes: { get: (name) => tables.get(name) ?? emptyTable(name, tables) },
    clusters: new Map(xds.clusters.map((cluster) => [cluster.name ?? '', cluster])),
    endpoints: new Map(),
  };
}

function emptyTable(name: string, tables: Map<string, RouteConfiguration>): RouteConfiguration {
  const table = { name };
  tables.set(name, table);
  return table;
}

function byPathOnly(table: RouteConfiguration): RouteConfiguration {
  return {
    ...table,
    virtual_hosts: (table.virtual_hosts ?? []).map((host) => ({
      ...host,
      routes: (host.routes ?? []).map((route) => ({ ...route, match: pathOnly(route.match ?? {}) })),
    })),
  };
}

/** A path-separated prefix counts as a prefix, an expression is looked for anywhere in the path. */
function pathOnly({ prefix, path, path_separated_prefix, safe_regex }: RouteMatch): RouteMatch {
  if (path !== undefined) return { path };
  if (safe_regex) return { safe_regex: { regex: `(?s:.*)(?:${safe_regex.regex})(?s:.*)` } };
  const start = prefix ?? path_separated_prefix;
  if (start === undefined) throw new Error('a route matches by something else than its path');
  return { prefix: start };
}

function plainListener(listener: Listener): Listener {
  const { default_filter_chain: fallback } = listener;
  return {
    ...listener,
    filter_chains: (listener.filter_chains ?? []).map(plainChain),
    ...(fallback && { default_filter_chain: plainChain(fallback) }),
  };
}

function plainChain(chain: FilterChain): FilterChain {
  const manager = connectionManagerOf(chain);
  const table = manager?.route_config;
  const filters = (chain.filters ?? []).map((filter) =>
    table && filter.typed_config === (manager as object)
      ? { ...filter, typed_config: { ...filter.typed_config, route_config: byPathOnly(table) } }
      : filter,
  );
  const { common_tls_context: common, ...tls } = tlsContextOf(chain) ?? {};
  if (!common || !chain.transport_socket) return { ...chain, filters };
  const { validation_context: _, combined_validation_context: __, ...unnamed } = common;
  const config = { ...tls, common_tls_context: unnamed } as unknown as NonNullable<typeof chain.transport_socket.typed_config>;
  return { ...chain, filters, transport_socket: { ...chain.transport_socket, typed_config: config } };
}
