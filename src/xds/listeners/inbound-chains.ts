import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import type { MutualTlsMode } from '../../mesh/authentication/mutual-tls-mode.ts';
import { fillStatName } from '../clusters/stat-name.ts';
import { buildConfigMetadata } from '../config-metadata.ts';
import { tcpAccessLogs } from '../filters/access-log.ts';
import { buildHttpConnectionManager } from '../filters/http-connection-manager.ts';
import type { HttpPolicyFilters } from '../filters/http-filters.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { filtersBeforeHttp, type NetworkPolicyFilters, tcpFilterChain } from '../filters/network-filters.ts';
import { buildSingleTcpProxyFilters } from '../filters/tcp-proxy.ts';
import { listenerName } from '../names.ts';
import { buildInboundRouteConfig } from '../routes/inbound-route-config.ts';
import { buildInboundMtlsContext, buildServerTlsContext, downstreamTlsSocket } from './downstream-tls.ts';
import { type InboundMatch, inboundMatches, ownTlsMatches } from './inbound-chain-match.ts';
import type { InboundPort } from './inbound-port.ts';
import { listenerProtocol } from './listener-protocol.ts';

/** What policies add to the chains of a port; 0: ports that nobody declares. */
export interface InboundPolicyFilters {
  readonly http?: HttpPolicyFilters;
  readonly network?: NetworkPolicyFilters;
}

export interface InboundWorld {
  readonly context: FilterContext & { readonly class: 'sidecar-inbound' };
  /** By the workload's port. */
  readonly policiesOf?: (targetPort: number) => InboundPolicyFilters;
}

/** The filter chains of one port under a mutual TLS mode (Istio `inboundChainForOpts`). */
export function buildInboundChains(port: InboundPort, mode: MutualTlsMode, world: InboundWorld): FilterChain[] {
  const { settings, scope } = world.context;
  const ownTls = port.tls && mode === 'DISABLE' ? buildServerTlsContext({ tls: port.tls, settings, scope }) : undefined;
  const protocol = listenerProtocol(port.port.protocol);
  const known = protocol === 'none' ? 'tcp' : protocol;
  const matches = ownTls ? ownTlsMatches(known === 'http' ? 'http' : 'tcp') : inboundMatches(known, mode, settings);
  return matches.map((match) => buildChain(port, match, ownTls, world));
}

function buildChain(port: InboundPort, match: InboundMatch, ownTls: DownstreamTlsContext | undefined, world: InboundWorld): FilterChain {
  const { settings, scope } = world.context;
  const tls = match.terminatesTls ? (ownTls ?? buildInboundMtlsContext(match.protocol, settings, scope)) : undefined;
  const connectionSecurity = match.terminatesTls && ownTls === undefined ? 'mutual_tls' : 'none';
  const secured: InboundWorld = { ...world, context: { ...world.context, connectionSecurity } };
  return {
    filter_chain_match: {
      ...(port.targetPort > 0 && { destination_port: { value: port.targetPort } }),
      transport_protocol: match.transportProtocol,
      ...(match.applicationProtocols.length > 0 && { application_protocols: [...match.applicationProtocols] }),
    },
    filters: match.protocol === 'http' ? httpChainFilters(port, secured) : tcpChainFilters(port, secured),
    ...(tls && { transport_socket: downstreamTlsSocket(tls) }),
    ...(port.source && { metadata: buildConfigMetadata(port.source) }),
    name: chainName(port, match.protocol),
  };
}

/** Chains for ports that nobody declares have fixed names. */
function chainName(port: InboundPort, protocol: 'http' | 'tcp'): string {
  if (!port.isPassthrough) return listenerName(port.bind, port.targetPort);
  return protocol === 'http' ? 'virtualInbound-catchall-http' : 'virtualInbound';
}

function httpChainFilters(inbound: InboundPort, { context, policiesOf }: InboundWorld): Filter[] {
  const { port, clusterName, service } = inbound;
  const policies = policiesOf?.(inbound.targetPort);
  const manager = buildHttpConnectionManager({
    context,
    statPrefix: inbound.isPassthrough ? `${clusterName};` : `inbound_${chainName(inbound, 'http')};`,
    routes: buildInboundRouteConfig({ clusterName, hostname: service.hostname, port: port.number, protocol: port.protocol }),
    protocol: port.protocol,
    port: inbound.targetPort,
    ...(policies?.http && { policies: policies.http }),
  });
  return [...filtersBeforeHttp(context, inbound.targetPort), manager];
}

function tcpChainFilters({ port, clusterName, service, targetPort }: InboundPort, { context, policiesOf }: InboundWorld): Filter[] {
  const { settings, idleTimeout } = context;
  const pattern = settings.config.inboundClusterStatName ?? '';
  const policies = policiesOf?.(targetPort).network;
  const terminal = buildSingleTcpProxyFilters({
    cluster: clusterName,
    statPrefix: pattern === '' ? clusterName : fillStatName(pattern, { service, port, subset: '', targetPort }),
    subset: '',
    rule: undefined,
    port,
    settings,
    accessLog: tcpAccessLogs(context),
    ...(idleTimeout !== undefined && { idleTimeout }),
  });
  return tcpFilterChain({ context, port: port.number, terminal, ...(policies && { policies }) });
}
