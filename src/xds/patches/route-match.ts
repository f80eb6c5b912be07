import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { CompiledPatch } from './compiled-patch.ts';
import { parseClusterName } from './parse-cluster-name.ts';
import type { RouteRun } from './patch-route-config.ts';

/** Whether `match.routeConfiguration` takes the table; gateways know ports by name too, and those of their Services. */
export function matchesTable(name: string, { match }: CompiledPatch, run: RouteRun): boolean {
  const wanted = match.routeConfiguration;
  if (wanted === undefined) return true;
  if (wanted.name && wanted.name !== name) return false;
  if (run.context !== 'GATEWAY') return !wanted.portNumber || wanted.portNumber === portOfTable(name);
  const { port, portName, gateway } = parseGatewayTable(name);
  if (wanted.portName && wanted.portName !== portName) return false;
  if (wanted.gateway && wanted.gateway !== gateway) return false;
  if (!wanted.portNumber) return true;
  const servicePorts = run.servicePorts?.get(port);
  return servicePorts === undefined ? port === wanted.portNumber : servicePorts.has(wanted.portNumber);
}

export function matchesVirtualHost({ name, domains = [] }: VirtualHost, { match }: CompiledPatch): boolean {
  const { name: wantedName, domainName } = match.routeConfiguration?.vhost ?? {};
  return (!wantedName || wantedName === name) && (!domainName || domains.includes(domainName));
}

export function matchesRoute(route: Route, { match }: CompiledPatch): boolean {
  const { name, action = 'ANY' } = match.routeConfiguration?.vhost?.route ?? {};
  if (name && name !== route.name) return false;
  if (action === 'ANY') return true;
  if (route.route) return action === 'ROUTE';
  if (route.redirect) return action === 'REDIRECT';
  // Actions of other kinds than these are matched by whatever is asked for.
  return route.direct_response ? action === 'DIRECT_RESPONSE' : true;
}

export function namesRoute({ match }: CompiledPatch): boolean {
  return match.routeConfiguration?.vhost?.route !== undefined;
}

/** Sniffed tables have no port by which they could be matched (Istio `getListenerPortFromName`). */
function portOfTable(name: string): number {
  if (name.startsWith('inbound')) return parseClusterName(name).port;
  return /^[+-]?\d+$/.test(name) ? Number(name) : 0;
}

/** Port in the name of a gateway's table. */
export function portOfGatewayTable(name: string): number {
  return parseGatewayTable(name).port;
}

/** `http.80`, `https.443.port-name.gateway.namespace`; anything else has neither (Istio `ParseGatewayRDSRouteName`). */
function parseGatewayTable(name: string): { readonly port: number; readonly portName: string; readonly gateway: string } {
  const [, plainPort] = /^http\.(\d+)$/.exec(name) ?? [];
  if (plainPort !== undefined) return { port: Number(plainPort), portName: '', gateway: '' };
  const [, port, portName = '', gatewayName = '', namespace = ''] = /^https\.([^.]*)\.([^.]*)\.([^.]*)\.([^.]*)$/.exec(name) ?? [];
  return port === undefined
    ? { port: 0, portName: '', gateway: '' }
    : { port: Number(port) || 0, portName, gateway: `${namespace}/${gatewayName}` };
}
