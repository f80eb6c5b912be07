import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import { scopeKey } from '../../../src/mesh/scope.ts';
import type { ProxyXds } from './proxy-xds.ts';
import { connectionManagerOf } from './typed-parts.ts';

const inboundPort = 15_006;
const maxDirectResponseBytes = 1_048_576;

/** What Envoy would refuse, or Istio's own suite calls a defect, in anything that the proxy is served. */
export function insanities(xds: ProxyXds): readonly string[] {
  return [
    ...xds.misfits,
    ...repeated(xds.listeners.map(({ name }) => `listener ${name}`)),
    ...repeated(xds.listeners.flatMap(addressesOf)),
    ...repeated(xds.clusters.map(({ name }) => `cluster ${name}`)),
    ...xds.listeners.flatMap((listener) => checks.flatMap((check) => check(listener)).map((text) => `listener ${listener.name}: ${text}`)),
    ...xds.clusters
      .filter((cluster) => cluster.transport_socket && (cluster.transport_socket_matches ?? []).length > 0)
      .map(({ name }) => `cluster ${name} has both transport_socket and transport_socket_matches`),
    ...routeInsanities(xds),
  ];
}

const checks: readonly ((listener: Listener) => readonly string[])[] = [
  ({ listener_filters = [] }) => repeated(listener_filters.map(({ name }) => `listener filter ${name}`)),
  equalMatches,
  missingTransportProtocols,
  incompleteInboundMatches,
  unterminatedHttp,
  missingInspectors,
];

function addressesOf({ address, additional_addresses }: Listener): readonly string[] {
  return [address, ...(additional_addresses ?? []).map((each) => each.address)].flatMap((each) => {
    const { socket_address: socket, pipe } = each ?? {};
    return socket ? [`address ${socket.address}:${socket.port_value}`] : pipe?.path ? [`address ${pipe.path}`] : [];
  });
}

function equalMatches({ filter_chains = [] }: Listener): readonly string[] {
  return repeated(filter_chains.map(({ filter_chain_match }) => `match ${scopeKey(filter_chain_match ?? {})}`));
}

/** An unset transport protocol stands for any only if no other chain of the port sets one. */
function missingTransportProtocols({ filter_chains = [] }: Listener): readonly string[] {
  const matches = filter_chains.flatMap(({ filter_chain_match: match }) => (match?.destination_port ? [match] : []));
  const ports = [...new Set(matches.map(({ destination_port }) => destination_port?.value ?? 0))];
  return ports.flatMap((port) => {
    const ofPort = matches.filter(({ destination_port }) => destination_port?.value === port);
    const without = ofPort.filter(({ transport_protocol }) => !transport_protocol).length;
    return without > 0 && without < ofPort.length ? [`some chains for port ${port} set a transport protocol, ${without} do not`] : [];
  });
}

function incompleteInboundMatches({ address, traffic_direction, filter_chains = [] }: Listener): readonly string[] {
  if (address?.socket_address?.port_value !== inboundPort || traffic_direction !== 'INBOUND') return [];
  return filter_chains.flatMap(({ name, filter_chain_match: match }) => {
    if (!match) return [`chain ${name} has no match`];
    return match.transport_protocol || match.destination_port?.value === inboundPort ? [] : [`chain ${name} has no transport protocol`];
  });
}

function unterminatedHttp({ filter_chains = [] }: Listener): readonly string[] {
  return filter_chains
    .filter((chain) => chain.filter_chain_match?.transport_protocol === 'tls' && !chain.transport_socket && connectionManagerOf(chain))
    .map(({ name }) => `chain ${name} reads TLS as HTTP`);
}

function missingInspectors({ listener_filters = [], filter_chains = [] }: Listener): readonly string[] {
  const has = (suffix: string) => listener_filters.some(({ name }) => name?.endsWith(suffix));
  if (has('tls_inspector')) return [];
  return filter_chains.flatMap(({ name, filter_chain_match: match }) => {
    if (!match) return [];
    if (match.transport_protocol === 'tls') return [`chain ${name} matches TLS without an inspector`];
    if (match.transport_protocol) return [];
    const needs = (match.server_names ?? []).length > 0 || ((match.application_protocols ?? []).length > 0 && !has('http_inspector'));
    return needs ? [`chain ${name} needs an inspector`] : [];
  });
}

function routeInsanities({ routes }: ProxyXds): readonly string[] {
  return [...routes.values()].flatMap((table) => {
    const hosts = table.virtual_hosts ?? [];
    const found = [
      ...repeated(hosts.map(({ name }) => `virtual host ${name}`)),
      ...repeated(hosts.flatMap(({ domains }) => (domains ?? []).map((domain) => `domain ${domain}`))),
      ...(table.max_direct_response_body_size_bytes?.value === maxDirectResponseBytes ? [] : ['no limit of 1 MiB for direct responses']),
    ];
    return found.map((text) => `routes ${table.name}: ${text}`);
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map((name) => `${name} is there twice`);
}
