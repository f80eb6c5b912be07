import { resolveShortName } from '../../model/hostname.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import { parseClusterName } from './cluster-name.ts';

/** The entry of a rule's `route` that leads to a cluster; undefined where the rule has one destination alone. */
export function destinationOrigin(world: ExplainWorld, rule: Origin, cluster: string): Origin | undefined {
  const { object, path } = rule;
  const [, list, index] = path;
  const wanted = parseClusterName(cluster);
  if (object.kind !== 'VirtualService' || wanted === undefined || typeof index !== 'number') return undefined;
  const spec = world.table('VirtualService').lookup(`${object.namespace}/${object.name}`)?.spec;
  const rules = list === 'http' ? spec?.http : list === 'tls' ? spec?.tls : spec?.tcp;
  const { domainSuffix } = world.mesh.settings.get();
  const at = (rules?.[index]?.route ?? []).findIndex(
    ({ destination: { host, subset = '' } }) =>
      subset === wanted.subset && resolveShortName(host, object.namespace, domainSuffix) === wanted.hostname,
  );
  return at < 0 ? undefined : locateOrigin(world, object, ['spec', String(list), index, 'route', at]);
}
