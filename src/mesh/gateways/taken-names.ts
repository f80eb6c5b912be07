import type { LostName, MergedServer } from './merged-gateway.ts';

interface Host {
  /** Position among the server's hosts. */
  readonly index: number;
  readonly owner: string;
  readonly name: string;
}

interface Taker {
  readonly server: MergedServer;
  /** Namespace that the host is limited to; empty: none. */
  readonly owner: string;
}

/**
 * Server names that TLS ends for, by port and address. Envoy takes a name once. Hosts count with their namespaces in Istio
 * (`checkDuplicates`), so that `a.com` and `shop/a.com` meet in its listener, which Envoy refuses; here the name stays with the first,
 * since one of the hosts is among the other's. Of `shop/a.com` and `pay/a.com` neither is, and both are sent, as Istio does.
 */
export class TakenNames {
  private readonly takers = new Map<string, Taker[]>();

  /** Takes what of the server's names may be had, and says what may not. One that takes every name takes no other. */
  take(server: MergedServer, port: number): { readonly sniHosts: readonly string[]; readonly lost: readonly LostName[] } {
    const hosts = server.hosts.map((host, index) => {
      const slash = host.indexOf('/');
      return { index, owner: host.slice(0, Math.max(0, slash)), name: host.slice(slash + 1) };
    });
    const ofEvery = this.takeAll(
      server,
      port,
      hosts.filter(({ name }) => name === '*'),
    );
    if (ofEvery.sniHosts.length > 0) return { ...ofEvery, sniHosts: server.sniHosts };
    const others = this.takeAll(
      server,
      port,
      hosts.filter(({ name }) => name !== '*'),
    );
    return { sniHosts: others.sniHosts, lost: [...ofEvery.lost, ...others.lost] };
  }

  private takeAll(server: MergedServer, port: number, hosts: readonly Host[]): ReturnType<TakenNames['take']> {
    const kept = new Set<string>();
    const lost: LostName[] = [];
    for (const { index, owner, name } of hosts) {
      const key = `${port}|${server.bind}|${name}`;
      const there = this.takers.get(key) ?? [];
      const others = there.filter((taker) => taker.server !== server);
      const rival = others.find((other) => other.owner === '' || owner === '' || other.owner === owner);
      const other = rival ?? others[0];
      if (other !== undefined) lost.push({ server, index, name, port, other: other.server, isRefused: rival === undefined });
      if (rival !== undefined) continue;
      kept.add(name);
      this.takers.set(key, [...there, { server, owner }]);
    }
    return { sniHosts: [...kept].sort(), lost };
  }
}
