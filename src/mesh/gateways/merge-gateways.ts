import { isHttp } from '../../model/protocol.ts';
import type { LostName, MergedGateway, MergedPort, MergedServer, RejectedServer, ResolvedServer } from './merged-gateway.ts';
import { resolveServers, routeNameOf, sniHostsOf } from './resolve-server.ts';
import { listenerPorts, type SelectedGateway } from './selected-gateway.ts';
import { hasRoutes, isPassthrough, isTlsServer } from './server-kind.ts';
import { TakenNames } from './taken-names.ts';

/** Ports under construction. */
interface OpenPort {
  readonly number: number;
  readonly bind: string;
  readonly servers: MergedServer[];
}

type Conflict = Pick<RejectedServer, 'reason' | 'other'>;

/**
 * Makes one gateway of all that hold for a workload, oldest first (Istio `mergeGateways`). On one address and port may be
 * several HTTP servers, which share a route table, or several TLS servers, told apart by server name. The first comer
 * decides; what does not go with it is left out, as are TLS servers with a host that the port has already.
 */
export function mergeGateways(selected: readonly SelectedGateway[]): MergedGateway {
  const merger = new GatewayMerger();
  for (const each of selected)
    for (const server of resolveServers(each.gateway)) for (const port of listenerPorts(server.port.number, each)) merger.add(server, port);
  return merger.finish();
}

class GatewayMerger {
  private readonly ports: OpenPort[] = [];
  private readonly routes = new Map<string, MergedServer[]>();
  private readonly rejected: RejectedServer[] = [];
  private readonly lostNames: LostName[] = [];
  private readonly takenNames = new TakenNames();
  /** Servers with TLS settings by `port|bind|host`. */
  private readonly takenHosts = new Map<string, MergedServer>();

  add(resolved: ResolvedServer, number: number): void {
    const server = { ...resolved, routeName: routeNameOf(resolved, number), sniHosts: sniHostsOf(resolved) };
    const conflict = this.takeHosts(server, number) ?? this.conflict(server, number);
    if (conflict !== undefined) {
      this.rejected.push({ server, port: number, ...conflict });
      return;
    }
    if (isTlsServer(server) && !isPassthrough(server)) {
      const { sniHosts, lost } = this.takenNames.take(server, number);
      const [first] = lost;
      if (sniHosts.length === 0 && first !== undefined) {
        this.rejected.push({ server, port: number, reason: 'duplicate-hosts', other: first.other });
        return;
      }
      this.lostNames.push(...lost);
      this.open({ ...server, sniHosts }, number);
    } else this.open(server, number);
  }

  private open(server: MergedServer, number: number): void {
    this.portFor(server, number).servers.push(server);
    if (!hasRoutes(server)) return;
    const sharing = this.routes.get(server.routeName);
    if (sharing === undefined || !isHttp(server.port.protocol)) this.routes.set(server.routeName, [server]);
    else sharing.push(server);
  }

  finish(): MergedGateway {
    const automatic = [...this.ports].flatMap(({ servers }) => servers).filter(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH');
    const autoPassthroughHosts = [...new Set(automatic.flatMap(({ sniHosts }) => sniHosts))].sort();
    return {
      ports: this.ports.map(finishPort),
      routes: this.routes,
      ...(automatic.length > 0 && { autoPassthroughHosts }),
      rejected: this.rejected,
      lostNames: this.lostNames,
    };
  }

  /** Takes them, unless one is taken. Hosts count as they are written: `ns/host` beside `host` is not noticed, nor is it by Istio. */
  private takeHosts(server: MergedServer, number: number): Conflict | undefined {
    if (server.tls === undefined) return undefined;
    const keys = server.hosts.map((host) => `${number}|${server.bind}|${host}`);
    const taken = keys.find((key) => this.takenHosts.has(key));
    const other = taken === undefined ? undefined : this.takenHosts.get(taken);
    if (other !== undefined) return { reason: 'duplicate-hosts', other };
    for (const key of keys) this.takenHosts.set(key, server);
    return undefined;
  }

  private conflict(server: MergedServer, number: number): Conflict | undefined {
    const there = this.ports.filter((port) => port.number === number && port.bind === server.bind).flatMap(({ servers }) => servers);
    const plain = there.find((other) => !isTlsServer(other));
    if (plain !== undefined)
      return isHttp(plain.port.protocol) && isHttp(server.port.protocol) ? undefined : { reason: 'protocol-conflict', other: plain };
    if (!isTlsServer(server) || !hasRoutes(server)) return undefined;
    const namesake = there.find((other) => other.routeName === server.routeName);
    return namesake && { reason: 'duplicate-port-name', other: namesake };
  }

  /** Protocols of HTTP do not differ here; TLS and HTTPS servers are kept apart as in Istio, where that decides their order. */
  private portFor(server: MergedServer, number: number): OpenPort {
    const goesWith = ([first]: readonly MergedServer[]) =>
      first !== undefined &&
      (first.port.protocol === server.port.protocol || (isHttp(first.port.protocol) && isHttp(server.port.protocol)));
    const found = this.ports.find((port) => port.number === number && port.bind === server.bind && goesWith(port.servers));
    if (found !== undefined) return found;
    const opened: OpenPort = { number, bind: server.bind, servers: [] };
    this.ports.push(opened);
    return opened;
  }
}

function finishPort({ number, bind, servers }: OpenPort): MergedPort {
  const [first] = servers;
  const protocol = first?.port.protocol ?? 'Auto';
  return { number, bind, protocol, routeName: isHttp(protocol) ? (first?.routeName ?? '') : '', servers };
}
