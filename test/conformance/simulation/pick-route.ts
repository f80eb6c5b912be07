import type { Route } from '../../../src/envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteConfiguration } from '../../../src/envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../../src/envoy/generated/envoy/config/route/v3/VirtualHost.ts';

/** Step 6: the virtual host of a Host header: exact, then the longest `*x`, then the longest `x*`, then `*`. */
export function pickVirtualHost(table: RouteConfiguration, hostHeader: string): VirtualHost | undefined {
  const host = table.ignore_port_in_host_matching === true ? withoutPort(hostHeader) : hostHeader;
  const entries = (table.virtual_hosts ?? []).flatMap((virtualHost) =>
    (virtualHost.domains ?? []).map((domain) => ({ domain, virtualHost })),
  );
  const covers = [
    (domain: string) => domain === host,
    (domain: string) => domain.startsWith('*') && domain !== '*' && host.length >= domain.length && host.endsWith(domain.slice(1)),
    (domain: string) => domain.endsWith('*') && domain !== '*' && host.length >= domain.length && host.startsWith(domain.slice(0, -1)),
    (domain: string) => domain === '*',
  ];
  for (const covered of covers) {
    const [longest] = entries.filter(({ domain }) => covered(domain)).sort((a, b) => b.domain.length - a.domain.length);
    if (longest !== undefined) return longest.virtualHost;
  }
  return undefined;
}

/** The first route whose path matches; headers and query do not count here. */
export function pickRoute({ routes = [] }: VirtualHost, path: string): Route | undefined {
  return routes.find(({ match }) => {
    if (match?.prefix !== undefined) return path.startsWith(match.prefix);
    if (match?.path_separated_prefix !== undefined) return path.startsWith(match.path_separated_prefix);
    if (match?.path !== undefined) return path === match.path;
    if (match?.safe_regex?.regex !== undefined) return new RegExp(match.safe_regex.regex).test(path);
    throw new Error(`a route matches by something else than its path: ${JSON.stringify(match)}`);
  });
}

/** `host:port` and `[v6]:port` lose the port. */
function withoutPort(host: string): string {
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(host);
  return parts === null ? host : (parts[1] ?? parts[2] ?? host);
}
