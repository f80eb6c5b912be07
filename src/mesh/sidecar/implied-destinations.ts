import type { Service } from '../../model/service.ts';
import type { HttpRule, ResolvedVirtualService } from '../routing/resolved-virtual-service.ts';

/**
 * Destination hosts of a VirtualService with the ports that are named for them, 0 for "none named"; HTTP rules that only
 * hold for other source namespaces are left out (Istio `virtualServiceDestinationsFilteredBySourceNamespace`).
 */
export function impliedDestinations(root: ResolvedVirtualService, clientNamespace: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const add = (destination: { readonly host?: string; readonly port?: { readonly number?: number } } | undefined) => {
    if (destination?.host === undefined) return;
    const ports = found.get(destination.host) ?? new Set<number>();
    found.set(destination.host, ports.add(destination.port?.number ?? 0));
  };
  for (const rule of root.http) {
    if (!holdsForNamespace(rule, clientNamespace)) continue;
    for (const route of rule.route ?? []) add(route.destination);
    add(rule.mirror);
    for (const mirror of rule.mirrors ?? []) add(mirror.destination);
  }
  for (const rule of [...root.tcp, ...root.tls]) for (const route of rule.route ?? []) add(route.destination);
  return found;
}

function holdsForNamespace(rule: HttpRule, clientNamespace: string): boolean {
  const named = (rule.match ?? []).map((match) => match.sourceNamespace).filter((name) => name !== undefined && name !== '');
  return named.length === 0 || named.includes(clientNamespace);
}

/** The service with the named ports alone, whole where a destination names none; undefined where it has none of them. */
export function onlyPorts(service: Service, ports: ReadonlySet<number>): Service | undefined {
  if (ports.size === 0 || ports.has(0)) return service;
  const kept = service.ports.filter((port) => ports.has(port.number));
  if (kept.length === service.ports.length) return service;
  return kept.length === 0 ? undefined : { ...service, ports: kept };
}
