import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { Service } from '../../model/service.ts';
import type { Sidecars } from './sidecars.ts';
import type { VisibleServices } from './visible-services.ts';

export interface ImportedServicesInput {
  readonly services: VisibleServices;
  readonly sidecars: Sidecars;
  /** By hostname: what a namespace has clusters of its own for. */
  readonly differing: (namespace: string) => MapCell<Service>;
}

/** Of which workloads: their namespace, and the key of the Sidecar that holds for them. */
export interface Importer {
  readonly namespace: string;
  readonly sidecar?: string;
}

/**
 * The service that workloads have clusters for under a hostname: the one they see or their Sidecar imports, or one that routes bring
 * in beside it; undefined where they have none (Istio `SidecarScope.servicesByHostname`).
 */
export function importedServices(
  engine: Engine,
  { services, sidecars, differing }: ImportedServicesInput,
): (importer: Importer, hostname: string) => Cell<Service | undefined> {
  const find = engine.family<Service | undefined>((key, read) => {
    const [namespace = '', hostname = '', sidecar = ''] = key.split('|');
    if (sidecar !== '' && read(sidecars.changesOutbound(sidecar, namespace)))
      return read(sidecars.imported(sidecar, namespace).at(hostname));
    return read(differing(namespace).at(hostname)) ?? read(services.find(namespace, hostname));
  });
  return ({ namespace, sidecar = '' }, hostname) => find(`${namespace}|${hostname}|${sidecar}`);
}
