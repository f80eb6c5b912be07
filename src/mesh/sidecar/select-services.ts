import { parseProtocol } from '../../model/protocol.ts';
import { eachWithSiblings, type Service } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { byServiceAge } from '../pick-service.ts';
import { isPublic, isVisibleTo } from '../visibility.ts';
import { areAllExact, type EgressHosts, importsService } from './egress-hosts.ts';

/** The services that a namespace sees, in Istio's order. */
export function inOrderOfExport(services: Iterable<Service>, clientNamespace: string): readonly Service[] {
  return eachWithSiblings(services)
    .filter((service) => isVisibleTo(service.exportTo, service.namespace, clientNamespace))
    .sort(byExport);
}

/** Of services that a namespace sees those exported to it first, then public ones, each oldest first. */
export function byExport(a: Service, b: Service): number {
  return Number(isPublic(a.exportTo)) - Number(isPublic(b.exportTo)) || byServiceAge(a, b);
}

/**
 * The services that an egress listener imports, in order. A listener with a port imports only that port of a service
 * (except HTTP_PROXY). Of one hostname in several namespaces one is taken: the client's own, else one of Kubernetes, else
 * the first (Istio `selectServices`). Hosts that are named in full are looked up instead: oldest first, siblings are not found
 * (Istio `servicesForExactHosts`).
 */
export function selectServices(
  listener: IstioEgressListener | undefined,
  hosts: EgressHosts,
  candidates: readonly Service[],
  clientNamespace: string,
): readonly Service[] {
  const imported: Service[] = [];
  for (const service of candidates) {
    if (!importsService(hosts, service.namespace, service.hostname)) continue;
    const trimmed = matchesPort(listener) ? onlyPort(service, listener?.port?.number ?? 0) : service;
    if (trimmed !== undefined) imported.push(trimmed);
  }
  const found = areAllExact(hosts) ? imported.filter(({ isSibling }) => isSibling === undefined).sort(byServiceAge) : imported;
  const chosen = new Map<string, Service>();
  for (const service of found) {
    const current = chosen.get(service.hostname);
    if (current === undefined || prefers(service, current, clientNamespace)) chosen.set(service.hostname, service);
  }
  return found.filter((service) => chosen.get(service.hostname)?.namespace === service.namespace);
}

function prefers(service: Service, current: Service, clientNamespace: string): boolean {
  if (service.namespace === clientNamespace) return true;
  return current.provider !== 'Kubernetes' && service.provider === 'Kubernetes' && current.namespace !== clientNamespace;
}

/** Whether an egress listener takes only services with its own port (Istio `needsPortMatch`). */
export function matchesPort(listener: IstioEgressListener | undefined): boolean {
  return (listener?.port?.number ?? 0) !== 0 && parseProtocol(listener?.port?.protocol) !== 'HTTP_PROXY';
}

/** The service with this port alone; undefined where it has no such port. */
export function onlyPort(service: Service, number: number): Service | undefined {
  const port = service.ports.find((candidate) => candidate.number === number);
  if (port === undefined) return undefined;
  return service.ports.length === 1 ? service : { ...service, ports: [port] };
}
