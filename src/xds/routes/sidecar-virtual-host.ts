import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';
import { virtualHostName } from '../names.ts';
import { withPort } from './alternate-hosts.ts';
import { proxyHeadersOf } from './proxy-headers.ts';
import { type SessionPerFilterConfig, sessionPerFilterConfig } from './stateful-session.ts';
import { buildVirtualHostDomains, type VirtualHostDomains } from './virtual-host-domains.ts';
import type { VirtualHostEntry } from './virtual-host-entry.ts';

export interface SidecarVirtualHostInput {
  /** A service's hostname, or a host that only a VirtualService names. */
  readonly host: string;
  /** Port of the service; the listener's where there is no service. */
  readonly port: number;
  /** Port of the listener; 0 for an HTTP proxy or a Unix socket. */
  readonly listenerPort: number;
  readonly service?: Service;
  readonly aliases?: readonly string[];
  readonly routes: readonly Route[];
  readonly virtualService?: ResolvedVirtualService;
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
}

/** The virtual host of one host on one listener, before it is settled with the others of the table. Undefined without routes. */
export function buildSidecarVirtualHost(input: SidecarVirtualHostInput): VirtualHostEntry | undefined {
  const { host, port, service, routes, virtualService } = input;
  if (routes.length === 0) return undefined;
  const { domains, alternates } =
    service === undefined ? ownDomains(input) : buildVirtualHostDomains({ ...input, service, aliases: input.aliases ?? [] });
  return {
    virtualHost: {
      name: virtualHostName(host, port),
      domains: [...domains],
      routes: [...routes],
      ...perFilterConfig(sessionPerFilterConfig(service, input.settings)),
      ...(proxyHeadersOf(input.settings).includeRequestAttemptCount && { include_request_attempt_count: true }),
    },
    host,
    port,
    isService: service !== undefined,
    alternates,
    ...(virtualService !== undefined && { virtualService }),
  };
}

function perFilterConfig(config: SessionPerFilterConfig): Pick<VirtualHost, 'typed_per_filter_config'> {
  return Object.keys(config).length === 0 ? {} : { typed_per_filter_config: config };
}

function ownDomains({ host, port, scope }: SidecarVirtualHostInput): VirtualHostDomains {
  return { domains: withPort([host], scope.role === 'grpc' ? port : 0), alternates: [] };
}
