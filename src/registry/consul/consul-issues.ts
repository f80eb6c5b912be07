import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { Issue } from '../../model/issue.ts';
import type { Service } from '../../model/service.ts';
import { registryIssueCodes } from '../issue-codes.ts';
import { hostLabel } from './host-labels.ts';

/** What is wrong with what was registered: names that collide (`labels` are by name in Consul), services without ports. */
export function consulIssues(engine: Engine, labels: MapCell<string>, services: MapCell<Service>): Cell<readonly Issue[]> {
  const collided = engine.mapValues(labels, (label, name) => (label === hostLabel(name) ? undefined : label));
  const portless = engine.mapValues(services, (service) => (service.ports.length > 0 ? undefined : service), deepEqual);
  return engine.derived((read) => [
    ...[...read(collided)].map(([name, label]): Issue => {
      const message = `service "${name}" comes to the host name of another one and is called ${label}`;
      return { code: registryIssueCodes.nameCollision, severity: 'warning', message };
    }),
    ...[...read(portless).values()].map(({ hostname, source }): Issue => {
      return { code: registryIssueCodes.noPort, severity: 'info', message: `${hostname}: no instance has a port`, object: source };
    }),
  ]);
}
