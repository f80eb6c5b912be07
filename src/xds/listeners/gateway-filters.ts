import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { Protocol } from '../../model/protocol.ts';
import { buildHttpConnectionManager } from '../filters/http-connection-manager.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { filtersBeforeHttp, tcpFilterChain } from '../filters/network-filters.ts';
import { tcpPeerMetadata } from '../filters/peer-metadata.ts';
import type { GatewayWorld } from './gateway-world.ts';

export interface GatewayHttp {
  /** Of the table that the chain asks for. */
  readonly routeName: string;
  readonly protocol: Protocol;
  readonly statPrefix: string;
}

/** The filters of a chain whose requests follow a route table. */
export function gatewayHttpFilters({ routeName, protocol, statPrefix }: GatewayHttp, world: GatewayWorld): readonly Filter[] {
  const context = filterContext(world);
  const policies = world.policies?.http;
  const manager = buildHttpConnectionManager({ context, statPrefix, routes: routeName, protocol, ...(policies && { policies }) });
  return [...filtersBeforeHttp(context, world.policies?.beforeHttp), manager];
}

export interface GatewayTcp {
  readonly port: number;
  readonly terminal: readonly Filter[];
  /** Clients speak the mesh's mutual TLS: they and the gateway tell each other who they are. */
  readonly ofMesh?: boolean;
  /** What is handed on blindly is not for policies to judge. */
  readonly isBlind?: boolean;
}

/** The filters of a chain that hands on bytes. */
export function gatewayTcpFilters({ port, terminal, ofMesh, isBlind }: GatewayTcp, world: GatewayWorld): readonly Filter[] {
  const context = filterContext(world);
  const policies = isBlind === true ? undefined : world.policies?.tcp;
  const chain = tcpFilterChain({ context, port, terminal, ...(policies && { policies }) });
  return ofMesh === true ? [...tcpPeerMetadata(context), ...chain] : chain;
}

function filterContext({ scope, settings }: GatewayWorld): FilterContext {
  return { class: 'gateway', scope, settings, ...(scope.idleTimeout !== undefined && { idleTimeout: scope.idleTimeout }) };
}
