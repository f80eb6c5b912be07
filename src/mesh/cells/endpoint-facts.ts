import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { sameElements } from './same-elements.ts';

/** What clusters need to know of endpoints; each is cut off where it comes out equal, so that a flapping endpoint changes no cluster. */
export interface EndpointFacts {
  /** Identities of the endpoints of a service, sorted, each once. */
  readonly serviceAccounts: (serviceKey: string) => Cell<readonly string[]>;
  /** Whether every endpoint speaks mutual TLS (and there is one). */
  readonly allMutualTls: (serviceKey: string) => Cell<boolean>;
}

export function endpointFacts(engine: Engine, endpoints: MapCell<readonly Endpoint[]>): EndpointFacts {
  const serviceAccounts = engine.family<readonly string[]>((key, read) => {
    const accounts = new Set<string>();
    for (const { serviceAccount } of read(endpoints.at(key)) ?? []) if (serviceAccount !== '') accounts.add(serviceAccount);
    return [...accounts].sort();
  }, sameElements);
  const allMutualTls = engine.family<boolean>((key, read) => {
    const all = read(endpoints.at(key)) ?? [];
    return all.length > 0 && all.every((endpoint) => endpoint.tlsMode === 'istio');
  });
  return { serviceAccounts, allMutualTls };
}
