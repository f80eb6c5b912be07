import { isWildcard } from '../../model/hostname.ts';
import { isHttp } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import { meshGateway, type ResolvedVirtualService } from './resolved-virtual-service.ts';

/** What a sidecar's listener reaches; `port` 0 (HTTP proxy, Unix socket) means every port. */
export interface ReachableServices {
  readonly port: number;
  /** The service of exactly this host, if it has the port. */
  readonly at: (host: string) => Service | undefined;
  /** The services with the port that a wildcard covers. */
  readonly under: (pattern: string) => readonly Service[];
  /** Whether this VirtualService is the one that decides for the host. */
  readonly decides: (virtualService: ResolvedVirtualService, host: string) => boolean;
}

export interface ForeignHost {
  readonly host: string;
  readonly port: number;
}

/**
 * Hosts of a VirtualService that are no service: they need a virtual host of their own. On sidecars they exist on port 80,
 * and on those other ports on which the same VirtualService serves a service (Istio `separateVSHostsAndServices`).
 */
export function foreignHosts(
  virtualService: ResolvedVirtualService,
  clientNamespace: string,
  reachable: ReachableServices,
): readonly ForeignHost[] {
  if (!virtualService.gateways.includes(meshGateway)) return [];
  const hosts = virtualService.hosts.filter((host) => isForeign(virtualService, host, reachable));
  const services = ownServices(virtualService, reachable);
  if (virtualService.semantics === 'gateway') {
    const allowed = services.some(
      (service) => service.namespace === virtualService.namespace || clientNamespace === virtualService.namespace,
    );
    if (!allowed) return [];
  }
  const ports = httpPorts(services, reachable.port);
  if (ports.length === 0 && reachable.port === 80) ports.push(80);
  return ports.flatMap((port) => hosts.map((host) => ({ host, port })));
}

function isForeign(virtualService: ResolvedVirtualService, host: string, reachable: ReachableServices): boolean {
  if (!isWildcard(host)) return reachable.at(host) === undefined;
  return virtualService.semantics === 'gateway' || reachable.under(host).length === 0;
}

function ownServices(virtualService: ResolvedVirtualService, reachable: ReachableServices): readonly Service[] {
  return virtualService.hosts.flatMap((host) => {
    if (!isWildcard(host)) return reachable.at(host) ?? [];
    if (virtualService.semantics === 'gateway') return [];
    return reachable.under(host).filter((service) => reachable.decides(virtualService, service.hostname));
  });
}

function httpPorts(services: readonly Service[], port: number): number[] {
  const numbers = new Set<number>();
  for (const service of services) {
    for (const { number, protocol } of service.ports) {
      if ((port === 0 || number === port) && (isHttp(protocol) || protocol === 'Auto')) numbers.add(number);
    }
  }
  return [...numbers].sort((a, b) => a - b);
}
