import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { formatPath } from '../../model/issue.ts';
import { type NamedFilter, typeOf } from './filter-list.ts';
import type { PatchCodec, Plain } from './patch-codec.ts';
import { managerType } from './patch-http-filters.ts';

/** What of its .proto's constraints a message breaks, in one line. */
export function constraintText(codec: PatchCodec, typeName: string, message: object): string | undefined {
  const fault = codec.constraintFault(typeName, message as Plain);
  return fault && `${formatPath(fault.path)} ${fault.message}`.trim();
}

const routerType = 'envoy.extensions.filters.http.router.v3.Router';
/** Network filters that end a chain, by type. */
const terminalTypes: ReadonlySet<string> = new Set([
  managerType,
  'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
  'envoy.extensions.filters.network.redis_proxy.v3.RedisProxy',
  'envoy.extensions.filters.network.echo.v3.Echo',
  'envoy.extensions.filters.network.direct_response.v3.Config',
  'envoy.extensions.filters.network.thrift_proxy.v3.ThriftProxy',
]);

/** Why Envoy would refuse a listener, as far as patches commonly cause it. Chains may share a name unless a matcher chooses by it. */
export function listenerFault({
  filter_chains: chains = [],
  default_filter_chain: last,
  filter_chain_matcher: matcher,
}: Listener): string | undefined {
  if (chains.length === 0 && !last) return 'the listener has no filter chain left';
  const names = new Set<string>();
  for (const chain of [...chains, ...(last ? [last] : [])]) {
    const fault = chainFault(chain);
    if (fault !== undefined) return fault;
    if (matcher && chain.name && names.has(chain.name)) return `two filter chains are named ${chain.name}`;
    if (chain.name) names.add(chain.name);
  }
  return undefined;
}

function chainFault({ filters = [] }: FilterChain): string | undefined {
  for (const [index, filter] of filters.entries()) {
    const type = typeOf(filter.typed_config);
    const next = filters[index + 1];
    if (terminalTypes.has(type) && next !== undefined)
      return `${nameOf(filter)} ends the filter chain, ${nameOf(next)} cannot come after it`;
    if (type === managerType) {
      const fault = managerFault(filter);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

interface Manager {
  readonly http_filters?: readonly NamedFilter[];
  readonly route_config?: RouteConfiguration;
}

function managerFault({ typed_config: manager }: NamedFilter): string | undefined {
  const { http_filters: filters = [], route_config: table } = (manager ?? {}) as Manager;
  const inTable = table && tableFault(table);
  if (inTable !== undefined) return inTable;
  const router = filters.findIndex(({ typed_config: config }) => typeOf(config) === routerType);
  const next = filters[router + 1];
  if (router !== -1 && next !== undefined)
    return `${nameOf(filters[router] as NamedFilter)} ends the HTTP filters, ${nameOf(next)} cannot come after it`;
  return filters.length === 0
    ? 'no HTTP filter is left'
    : router === -1
      ? 'no HTTP filter is left that ends the others, such as a router'
      : undefined;
}

function nameOf({ name = '' }: NamedFilter): string {
  return name === '' ? 'a filter without a name' : name;
}

/** Why Envoy would refuse a route table, as far as patches commonly cause it. */
export function tableFault({ virtual_hosts: hosts = [] }: RouteConfiguration): string | undefined {
  const names = new Set<string>();
  const domains = new Set<string>();
  for (const { name = '', domains: ofHost = [] } of hosts) {
    if (name === '') return 'a virtual host has no name';
    if (ofHost.length === 0) return `the virtual host ${name} has no domain`;
    if (names.has(name)) return `two virtual hosts are named ${name}`;
    names.add(name);
    for (const domain of ofHost) {
      const asked = domain.toLowerCase();
      if (domains.has(asked)) return `two virtual hosts are for the domain ${domain}`;
      domains.add(asked);
    }
  }
  return undefined;
}
