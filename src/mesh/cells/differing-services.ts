import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isSubsetOf, isWildcard } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import { impliedDestinations, onlyPorts } from '../sidecar/implied-destinations.ts';
import { isVisibleTo } from '../visibility.ts';
import type { DestinationRules } from './destination-rules.ts';
import { sameElements } from './same-elements.ts';
import type { VirtualServices } from './virtual-services.ts';
import type { VisibleServices } from './visible-services.ts';

/**
 * By hostname: the services for which a namespace needs clusters and endpoints of its own, because it sees another service
 * or other DestinationRules than the rest of the mesh, or reaches one by its routes alone. Everything else it shares.
 */
export function differingServices(
  engine: Engine,
  services: VisibleServices,
  rules: DestinationRules,
  virtualServices: VirtualServices,
  sharesViews: boolean,
): (namespace: string) => MapCell<Service> {
  return engine.mapFamily((namespace) =>
    engine.mapFrom((read) => {
      const own = read(services.onlyIn(namespace));
      const differing = new Map(own);
      const consider = (hostname: string) => {
        if (differing.has(hostname)) return;
        const service = read(services.everywhere.at(hostname));
        if (service === undefined) return;
        const here = read(rules.rulesFor(namespace, service.namespace, hostname));
        const elsewhere = read(rules.rulesFor('', service.namespace, hostname));
        if (!sharesViews || !sameElements(here, elsewhere)) differing.set(hostname, service);
      };
      for (const host of sharesViews ? read(rules.specialHosts(namespace)) : ['*']) {
        if (!isWildcard(host)) consider(host);
        else for (const hostname of read(services.covered(host)).keys()) if (isSubsetOf(hostname, host)) consider(hostname);
      }
      for (const service of read(services.hiddenAtHome(namespace)).values()) {
        const reached = reachedByRoutes(read, service, virtualServices, namespace);
        if (reached !== undefined && read(services.find(namespace, service.hostname)) === undefined)
          differing.set(service.hostname, reached);
      }
      return differing;
    }),
  );
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
