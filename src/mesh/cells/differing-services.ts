import type { MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isSubsetOf, isWildcard } from '../../model/hostname.ts';
import type { Service } from '../../model/service.ts';
import type { DestinationRules } from './destination-rules.ts';
import { sameElements } from './same-elements.ts';
import type { VisibleServices } from './visible-services.ts';

/**
 * By hostname: the services for which a namespace needs clusters and endpoints of its own, because it sees another service
 * or other DestinationRules than the rest of the mesh. Everything else it shares.
 */
export function differingServices(
  engine: Engine,
  services: VisibleServices,
  rules: DestinationRules,
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
        else for (const hostname of read(services.everywhere).keys()) if (isSubsetOf(hostname, host)) consider(hostname);
      }
      return differing;
    }),
  );
}
