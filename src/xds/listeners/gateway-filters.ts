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
  /** The number that extensions see. */
  readonly port: number;
}

/** The filters of a chain whose requests follow a route table. */
export function gatewayHttpFilters({ routeName, protocol, statPrefix, port }: GatewayHttp, world: GatewayWorld): readonly Filter[] {
  const context = gatewayContext(world);
  const policies = world.policies?.http;
  const manager = buildHttpConnectionManager({ context, statPrefix, routes: routeName, protocol, port, ...(policies && { policies }) });
  return [...filtersBeforeHttp(context, port), manager];
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
  const context = gatewayContext(world);
  const policies = isBlind === true ? undefined : world.policies?.tcp;
  const chain = tcpFilterChain({ context, port, terminal, ...(policies && { policies }) });
  return ofMesh === true ? [...tcpPeerMetadata(context), ...chain] : chain;
}

/** What every filter of a gateway may depend on. */
export function gatewayContext({ scope, settings, observed }: GatewayWorld): FilterContext {
  return { class: 'gateway', scope, settings, ...observed, ...(scope.idleTimeout !== undefined && { idleTimeout: scope.idleTimeout }) };
}
