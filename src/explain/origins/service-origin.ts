import type { Service } from '../../model/service.ts';
import { ask } from '../ask.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';

/** The port of the Service, ServiceEntry or whatever else defines a host. */
export function serviceOrigin(world: ExplainWorld, service: Service, port?: number): Origin {
  const at = port === undefined ? -1 : service.ports.findIndex(({ number }) => number === port);
  return locateOrigin(world, service.source, at < 0 ? ['spec', 'ports'] : ['spec', 'ports', at]);
}

/** The service that a host means for clients of a namespace. */
export function serviceSeenFrom(world: ExplainWorld, namespace: string, hostname: string): Service | undefined {
  const { services } = world.mesh;
  return ask(world.mesh.engine, (read) => read(services.find(namespace, hostname)) ?? [...read(services.ofHost(hostname)).values()][0]);
}
