import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Service } from '../../model/service.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { byVirtualServicePrecedence } from '../routing/pick-virtual-service.ts';
import { impliedDestinations } from '../sidecar/implied-destinations.ts';
import { importedService } from '../sidecar/imported-service.ts';
import { type EgressImports, type EgressPlace, egressKey, egressPlace, egressPlaces } from './egress-imports.ts';
import { samePart } from './same-part.ts';

export interface SidecarImportsInput {
  readonly objects: MapCell<ConfigObject<Sidecar>>;
  readonly egress: (place: EgressPlace) => EgressImports;
  /** The service that a destination outside the imports means to a namespace. */
  readonly findService: (read: Read, clientNamespace: string, hostname: string) => Service | undefined;
}

/** Of a Sidecar for workloads of a namespace, by hostname: what all its egress listeners import and what their VirtualServices route to. */
export function sidecarImports(
  engine: Engine,
  { objects, egress, findService }: SidecarImportsInput,
): (sidecar: string, clientNamespace: string) => MapCell<Service> {
  const byDestination = engine.mapFamily((key) => {
    const place = egressPlace(key);
    return engine.index(egress(place).virtualServices, (root) => impliedDestinations(root, place.clientNamespace).keys()).groups;
  });
  const hostsOf = engine.mapFamily((key) =>
    engine.union([engine.mapValues(egress(egressPlace(key)).services, yes), engine.mapValues(byDestination(key), yes)], yes),
  );
  const imports = engine.mapFamily((key) => {
    const [sidecar = '', clientNamespace = ''] = key.split('|');
    const placesOf = (read: Read) => egressPlaces(read(objects.at(sidecar)), sidecar, clientNamespace);
    const places = engine.mapFrom((read) => placesOf(read).map((place) => [egressKey(place), place] as const));
    const hosts = engine.unionOf(places, {
      mapOf: (place) => hostsOf(egressKey(place)),
      compare: (a, b) => a.index - b.index,
      merge: yes,
    });
    const precedence = byVirtualServicePrecedence(clientNamespace);
    return engine.mapValues(
      hosts,
      (_true, hostname, read) => {
        const ofListeners = placesOf(read).map((place) => {
          const { listener, services } = egress(place);
          const leading = [...(read(byDestination(egressKey(place)).at(hostname))?.values() ?? [])].sort(precedence);
          return { listener: read(listener), service: read(services.at(hostname)), leading };
        });
        return importedService({
          hostname,
          clientNamespace,
          egress: ofListeners,
          findService: () => findService(read, clientNamespace, hostname),
        });
      },
      samePart,
    );
  });
  return (sidecar, clientNamespace) => imports(`${sidecar}|${clientNamespace}`);
}

function yes(): true {
  return true;
}
