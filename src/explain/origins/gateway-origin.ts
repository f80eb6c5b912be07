import type { MergedGateway, MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import { hostsMatch } from '../../model/hostname.ts';
import { ask } from '../ask.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** What all Gateways of the proxy come to; undefined of sidecars. */
export function mergedGatewayOf({ world, scopes }: ServedProxy): MergedGateway | undefined {
  const { gateway } = scopes;
  return gateway && ask(world.mesh.engine, (read) => read(world.mesh.gateways.merged(gateway)));
}

/** The server of a Gateway behind a listener, or behind one of its chains or route tables. */
export function gatewayServerOrigin(
  proxy: ServedProxy,
  wanted: { readonly port?: number; readonly routeName?: string; readonly serverNames?: readonly string[]; readonly host?: string },
): Origin | undefined {
  const merged = mergedGatewayOf(proxy);
  if (merged === undefined) return undefined;
  const { port, routeName, serverNames = [], host } = wanted;
  const servers = merged.ports.filter((each) => port === undefined || each.number === port).flatMap((each) => each.servers);
  const ofTable = routeName === undefined ? servers : servers.filter((server) => server.routeName === routeName);
  const ofNames =
    serverNames.length === 0 ? ofTable : ofTable.filter((server) => server.sniHosts.some((name) => serverNames.includes(name)));
  const chosen = ofNames.find((server) => host === undefined || hasHost(server, host)) ?? ofNames[0];
  if (chosen === undefined) return undefined;
  const at = host === undefined ? -1 : chosen.hosts.findIndex((each) => hostsMatch(withoutNamespace(each), host));
  return locateOrigin(proxy.world, chosen.source, ['spec', 'servers', chosen.index, ...(at < 0 ? [] : ['hosts', at])]);
}

function hasHost({ hosts }: MergedServer, host: string): boolean {
  return hosts.some((each) => hostsMatch(withoutNamespace(each), host));
}

export function withoutNamespace(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}
