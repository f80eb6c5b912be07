import type { MapCell, Read } from '../incremental/cell.ts';
import type { Service } from '../model/service.ts';
import type { VisibleServices } from './cells/visible-services.ts';

export interface ProviderServices {
  /** By `namespace/hostname`. */
  readonly all: MapCell<Service>;
  readonly services: VisibleServices;
}

/**
 * The service behind an extension provider of MeshConfig, named `host` or `namespace/host`, whoever may see it. Undefined:
 * there is none, or a host without namespace is in several (Istio `LookupCluster`).
 */
export function providerService(read: Read, { all, services }: ProviderServices, name: string): Service | undefined {
  if (name.includes('/')) return read(all.at(name));
  const found = [...read(services.ofHost(name)).values()];
  return found.length === 1 ? found[0] : undefined;
}
