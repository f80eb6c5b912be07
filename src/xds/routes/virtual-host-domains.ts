import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';
import { alternateHosts, withPort } from './alternate-hosts.ts';
import { serviceAddresses } from './service-addresses.ts';

export interface VirtualHostDomains {
  readonly domains: readonly string[];
  /** Those of `domains` that were derived by shortening: they yield to a service that really has the name. */
  readonly alternates: readonly string[];
}

export interface DomainInput {
  readonly service: Service;
  /** Port of the service that the virtual host is for. */
  readonly port: number;
  /** Port of the listener; 0 for an HTTP proxy or a Unix socket, whose clients may name any port. */
  readonly listenerPort: number;
  /** Hosts of the ExternalName services that stand for this one. */
  readonly aliases: readonly string[];
  readonly scope: OutboundScope;
  readonly settings: Pick<MeshSettings, 'flags'>;
}

/** Every host header that means the service on this listener (Istio `generateVirtualHostDomains`). */
export function buildVirtualHostDomains(input: DomainInput): VirtualHostDomains {
  const { service, scope } = input;
  const { flags } = input.settings;
  const port = portToSay(input);
  const domains: string[] = [];
  const alternates: string[] = [];
  for (const host of [service.hostname, ...input.aliases]) {
    const others = alternateHosts(host, port, scope.dnsDomain, flags.PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN);
    domains.push(...withPort([host], port), ...others);
    alternates.push(...others);
  }
  if (service.resolution === 'Passthrough' && service.provider === 'Kubernetes') {
    domains.push(...domains.map((domain) => `*.${domain}`));
  }
  domains.push(...withPort(serviceAddresses(service, scope), port));
  return { domains, alternates };
}

/** Envoy is told to ignore ports; proxyless gRPC cannot, and an HTTP proxy's clients say which port they want. */
function portToSay(input: DomainInput): number {
  return input.scope.role === 'grpc' || input.listenerPort === 0 ? input.port : 0;
}
