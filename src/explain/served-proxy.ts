import type { ServedResources } from '../simulate/resources.ts';
import type { Simulator } from '../simulate/simulate.ts';
import type { ProxyScopes } from '../xds/node/proxy-scopes.ts';
import type { ExplainWorld } from './explain-world.ts';
import type { Subject } from './proxies/subject.ts';

/** A proxy with everything that it is served, while it is looked at. */
export interface ServedProxy {
  readonly world: ExplainWorld;
  readonly subject: Subject;
  readonly scopes: ProxyScopes;
  readonly resources: ServedResources;
  readonly simulate: Simulator;
}
