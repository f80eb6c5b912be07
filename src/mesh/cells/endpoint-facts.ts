import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { type Service, withSiblings } from '../../model/service.ts';
import { fullyMeshedPorts, type ServiceMutualTls } from '../authentication/service-mutual-tls.ts';
import { withTrustDomainAliases } from '../authentication/trust-domain-aliases.ts';
import { byServiceAge } from '../pick-service.ts';
import type { MeshSettings } from '../settings.ts';
import { sameElements } from './same-elements.ts';

/** What clusters need to know of endpoints; each is cut off where it comes out equal, so that a flapping endpoint changes no cluster. */
export interface EndpointFacts {
  /** Identities of the endpoints of a service and of the service itself, under aliases of the trust domain too; sorted, each once. */
  readonly serviceAccounts: (serviceKey: string) => Cell<readonly string[]>;
  readonly mutualTls: (serviceKey: string) => Cell<ServiceMutualTls>;
}

export interface EndpointFactInputs {
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly settings: Cell<MeshSettings>;
  /** PeerAuthentication mode that clients may count on in a namespace. */
  readonly modeOf: (namespace: string) => Cell<ServiceMutualTls['mode']>;
}

export function endpointFacts(engine: Engine, { services, endpoints, settings, modeOf }: EndpointFactInputs): EndpointFacts {
  const serviceAccounts = engine.family<readonly string[]>((key, read) => {
    const accounts = new Set<string>(statedAccounts(read(services.at(key))));
    for (const { serviceAccount } of read(endpoints.at(key)) ?? []) if (serviceAccount !== '') accounts.add(serviceAccount);
    return [...withTrustDomainAliases(accounts, read(settings).config.trustDomainAliases ?? [])].sort();
  }, sameElements);
  const mutualTls = engine.family<ServiceMutualTls>(
    (key, read) => ({
      mode: read(modeOf(key.slice(0, key.indexOf('/')))),
      fullyMeshedPorts: fullyMeshedPorts(read(endpoints.at(key)) ?? []),
    }),
    (a, b) => a.mode === b.mode && sameElements(a.fullyMeshedPorts, b.fullyMeshedPorts),
  );
  return { serviceAccounts, mutualTls };
}

/** Of several services of one identity the youngest states them for all (Istio `addServiceAccounts`). */
function statedAccounts(service: Service | undefined): readonly string[] {
  return service === undefined ? [] : (withSiblings(service).toSorted(byServiceAge).at(-1)?.serviceAccounts ?? []);
}
