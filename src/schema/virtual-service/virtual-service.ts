/** VirtualService: how requests for hosts are routed. */

import { list, map, object, required } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { int32, string, uint32 } from '../field/scalars.ts';
import { destination } from '../parts/route-destination.ts';
import { httpRoute } from './http-route.ts';

export const tlsMatch = object({
  sniHosts: required(list(string())),
  destinationSubnets: list(string()),
  port: uint32(),
  sourceLabels: map(string()),
  gateways: list(string()),
  sourceNamespace: string(),
});
export type TlsMatch = Infer<typeof tlsMatch>;

export const routeDestination = object({
  destination: required(destination),
  weight: int32(),
});
export type RouteDestination = Infer<typeof routeDestination>;

export const tlsRoute = object({
  match: required(list(tlsMatch)),
  route: list(routeDestination),
});
export type TlsRoute = Infer<typeof tlsRoute>;

export const l4Match = object({
  destinationSubnets: list(string()),
  port: uint32(),
  sourceSubnet: string(),
  sourceLabels: map(string()),
  gateways: list(string()),
  sourceNamespace: string(),
});
export type L4Match = Infer<typeof l4Match>;

export const tcpRoute = object({
  match: list(l4Match),
  route: list(routeDestination),
});
export type TcpRoute = Infer<typeof tcpRoute>;

export const virtualService = object({
  hosts: list(string()),
  gateways: list(string()),
  http: list(httpRoute),
  tls: list(tlsRoute),
  tcp: list(tcpRoute),
  exportTo: list(string()),
});
export type VirtualService = Infer<typeof virtualService>;
