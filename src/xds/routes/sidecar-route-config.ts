import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { compareText } from '../../model/config-object.ts';
import { buildCatchAllVirtualHost, type UnknownHostPolicy } from './catch-all-virtual-host.ts';
import { dedupeDomains } from './dedupe-domains.ts';
import { parseRouteName } from './route-name.ts';
import { byClaim, type VirtualHostEntry } from './virtual-host-entry.ts';

/** The size up to which a VirtualService may answer by itself; Envoy's own limit of 4 KiB is smaller than what Istio admits. */
const maxDirectResponseBytes = 1024 * 1024;

/** Fields of every outbound table, for sidecars and gateways alike. */
export const outboundTableFields = {
  validate_clusters: { value: false },
  max_direct_response_body_size_bytes: { value: maxDirectResponseBytes },
} as const satisfies RouteConfiguration;

/** What stands for a table that nobody configures: Envoy stops waiting for it. */
export function emptyRouteConfig(routeName: string): RouteConfiguration {
  return { name: routeName, validate_clusters: { value: false } };
}

export interface SidecarRouteConfigInput {
  /** `80`, `web.shop.svc.cluster.local:8080` (sniffed), `http_proxy`, or a Unix socket's path. */
  readonly routeName: string;
  readonly entries: readonly VirtualHostEntry[];
  readonly clientNamespace: string;
  readonly settings: MeshSettings;
  /** The Sidecar's, where it has one. */
  readonly unknownHosts?: UnknownHostPolicy;
  /** A Sidecar's egress listener with protocol HTTP_PROXY: a numbered port that behaves like `http_proxy`. */
  readonly isHttpProxy?: boolean;
  /** The entries have no claim in common (`claimsOf`) and come in the order of their virtual hosts' names. */
  readonly isSettled?: boolean;
}

/** A sidecar's outbound table (Istio `buildSidecarOutboundHTTPRouteConfig`). */
export function buildSidecarRouteConfig(input: SidecarRouteConfigInput): RouteConfiguration {
  const { port, isSniffed } = parseRouteName(input.routeName);
  const everyPort = port === 0 || input.isHttpProxy === true;
  const settled = settleVirtualHosts(input);
  const reachable = everyPort ? mergePorts(settled) : settled;
  const virtualHosts = isSniffed ? sniffedVirtualHosts(reachable, input.routeName) : reachable;
  const sorted = [...virtualHosts];
  if (!input.isSettled) sorted.sort((a, b) => compareText(a.name ?? '', b.name ?? ''));
  if (!isSniffed) sorted.push(buildCatchAllVirtualHost(input.settings, input.unknownHosts));
  return { name: input.routeName, ...outboundTableFields, virtual_hosts: sorted, ignore_port_in_host_matching: true };
}

/** Domains without conflict. */
function settleVirtualHosts({ entries, clientNamespace, isSettled }: SidecarRouteConfigInput): readonly VirtualHost[] {
  if (isSettled) return entries.map(({ virtualHost }) => virtualHost);
  return dedupeDomains([...entries].sort(byClaim(clientNamespace))).virtualHosts;
}

/** For a table of every port: only port 80 is what a client means that names no port (Istio `mergeAllVirtualHosts`). */
function mergePorts(virtualHosts: readonly VirtualHost[]): readonly VirtualHost[] {
  return virtualHosts.flatMap((virtualHost) => {
    if (virtualHost.name?.endsWith(':80')) return [virtualHost];
    const domains = (virtualHost.domains ?? []).filter((domain) => domain.includes(':'));
    return domains.length === 0 ? [] : [{ ...virtualHost, domains }];
  });
}

/** A sniffed listener belongs to one service: whatever host a request names, it is that service's. */
export function sniffedVirtualHosts(virtualHosts: readonly VirtualHost[], routeName: string): readonly VirtualHost[] {
  const { host } = parseRouteName(routeName);
  const own = virtualHosts.filter(({ domains }) => domains?.some((domain) => domain === routeName || domain === host));
  return own.length === 1 ? own.map((virtualHost) => ({ ...virtualHost, domains: ['*'] })) : own;
}
