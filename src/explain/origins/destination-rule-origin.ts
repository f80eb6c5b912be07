import type { ObjectRef } from '../../model/object-ref.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';

/** What of a DestinationRule shaped a cluster: its subset, else the settings of its port, else its host. */
export function destinationRuleOrigin(
  world: ExplainWorld,
  source: ObjectRef,
  cluster: { readonly subset: string; readonly port: number },
): Origin {
  const spec = world.table('DestinationRule').lookup(`${source.namespace}/${source.name}`)?.spec;
  const subset = (spec?.subsets ?? []).findIndex(({ name }) => name === cluster.subset);
  if (cluster.subset !== '' && subset >= 0) return locateOrigin(world, source, ['spec', 'subsets', subset]);
  const port = (spec?.trafficPolicy?.portLevelSettings ?? []).findIndex((settings) => settings.port?.number === cluster.port);
  if (port >= 0) return locateOrigin(world, source, ['spec', 'trafficPolicy', 'portLevelSettings', port]);
  return locateOrigin(world, source, ['spec', spec?.trafficPolicy === undefined ? 'host' : 'trafficPolicy']);
}
