import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isSubsetOf, isWildcard } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import { impliedDestinations, onlyPorts } from '../sidecar/implied-destinations.ts';
import { isVisibleTo } from '../visibility.ts';
import type { DestinationRules } from './destination-rules.ts';
import { sameElements } from './same-elements.ts';
import type { VirtualServices } from './virtual-services.ts';
import type { SeenServices, VisibleServices } from './visible-services.ts';

export interface DifferingServicesInput {
  readonly services: VisibleServices;
  /** What these proxies see. */
  readonly seen: SeenServices;
  readonly rules: DestinationRules;
  /** Whose routes lead to services that are hidden from their own namespace; absent: nobody's do, as with gateways. */
  readonly virtualServices?: VirtualServices;
  readonly sharesViews: boolean;
}

/**
 * By hostname: the services for which a namespace needs clusters and endpoints of its own, because it sees another service
 * or other DestinationRules than the rest of the mesh, or reaches one by its routes alone. Everything else it shares.
 */
export function differingServices(engine: Engine, input: DifferingServicesInput): (namespace: string) => MapCell<Service> {
  const { services, seen, rules, virtualServices, sharesViews } = input;
  return engine.mapFamily((namespace) => {
    const candidates = engine.mapFrom<true>(function* (read) {
      for (const host of sharesViews ? read(rules.specialHosts(namespace)) : ['*']) {
        if (!isWildcard(host)) yield [host, true];
        else for (const hostname of read(services.covered(host)).keys()) if (isSubsetOf(hostname, host)) yield [hostname, true];
      }
    });
    const differing = engine.mapValues(candidates, (_true, hostname, read) => {
      const service = read(services.everywhere.at(hostname));
      if (service === undefined) return undefined;
      const here = read(rules.rulesFor(namespace, service.namespace, hostname));
      const elsewhere = read(rules.rulesFor('', service.namespace, hostname));
      return sharesViews && sameElements(here, elsewhere) ? undefined : service;
    });
    const own = [seen.onlyIn(namespace), differing];
    if (virtualServices === undefined) return engine.overlay(own);
    const hiddenAtHome = engine.mapFrom<Service>(function* (read) {
      for (const service of read(services.hiddenAtHome(namespace)).values()) yield [service.hostname, service];
    });
    const reached = engine.mapValues(hiddenAtHome, (hidden, hostname, read) =>
      takesPlaceOf(hidden, read(seen.find(namespace, hostname))) ? reachedByRoutes(read, hidden, virtualServices, namespace) : undefined,
    );
    return engine.overlay([reached, ...own]);
  });
}

/** A hidden service comes in where there is no other, and one of Kubernetes for one that is not (Istio `appendSidecarServices`). */
function takesPlaceOf(hidden: Service, visible: Service | undefined): boolean {
  return visible === undefined || (hidden.provider === 'Kubernetes' && visible.provider !== 'Kubernetes');
}

/** The ports of a service to which routes lead that the namespace sees (Istio `collectImportedServices`). */
function reachedByRoutes(read: Read, service: Service, virtualServices: VirtualServices, namespace: string): Service | undefined {
  const ports = new Set<number>();
  for (const root of read(virtualServices.withDestination(service.hostname)).values()) {
    if (!isVisibleTo(root.exportTo, root.namespace, namespace)) continue;
    for (const port of impliedDestinations(root, namespace).get(service.hostname) ?? []) ports.add(port);
  }
  return ports.size === 0 ? undefined : onlyPorts(service, ports);
}
