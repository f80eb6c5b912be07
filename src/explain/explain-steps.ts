import type { Route } from '../envoy/generated/envoy/config/route/v3/Route.ts';
import { formatPath } from '../model/issue.ts';
import type { Loser, Step } from '../simulate/step.ts';
import { describeMatch } from './describe-match.ts';
import type { ExplainedLoser, ExplainedStep, Origin } from './explanation.ts';
import { locateOrigin } from './locate-origin.ts';
import { parseClusterName } from './origins/cluster-name.ts';
import { findOrigin } from './origins/find-origin.ts';
import { partsAt } from './origins/metadata-at.ts';
import { serviceOrigin, serviceSeenFrom } from './origins/service-origin.ts';
import type { ServedProxy } from './served-proxy.ts';

/** So many candidates are looked up in the configuration. */
const maxLosers = 50;

/** A step of the simulator in terms of the configuration. A cluster is two: the service that it is for, and the rule that shapes it. */
export function explainStep(proxy: ServedProxy, step: Step): readonly ExplainedStep[] {
  const { stage, chosen, why, at, losers, notes } = step;
  const origin = originOf(proxy, step);
  const isOfCluster = stage === 'endpoints';
  const explained: ExplainedStep = {
    stage,
    chosen,
    why,
    ...(origin && !isOfCluster && { origin }),
    losers: losers.slice(0, maxLosers).map((loser) => explainLoser(proxy, loser)),
    ...(losers.length > maxLosers && { furtherLosers: losers.length - maxLosers }),
    notes:
      stage === 'virtual host' && isByMeshConfig(chosen, origin)
        ? [...notes, 'outboundTrafficPolicy of the MeshConfig says what becomes of unknown hosts']
        : notes,
  };
  if (stage === 'route') return [{ ...explained, ...routeText(proxy, step, origin) }];
  return stage === 'cluster' ? clusterSteps(proxy, explained, at?.name ?? chosen) : [explained];
}

function originOf(proxy: ServedProxy, { stage, at, chosen, losers }: Step): Origin | undefined {
  const found = at && findOrigin(proxy, at);
  if (found?.object.kind === 'Gateway' && stage === 'route' && chosen === 'redirect to TLS')
    return locateOrigin(proxy.world, found.object, [...found.path.slice(0, 3), 'tls', 'httpsRedirect']);
  if (found !== undefined || stage !== 'filter chain') return found;
  // Where no chain takes a connection, it is the policy which says what chains there are.
  return losers.map((loser) => findOrigin(proxy, loser.at)).find((origin) => origin?.object.kind === 'PeerAuthentication');
}

function isByMeshConfig(chosen: string, origin: Origin | undefined): boolean {
  return origin === undefined && (chosen === 'block_all' || chosen === 'allow_any_dynamic_dns');
}

function explainLoser(proxy: ServedProxy, { name, reason, at }: Loser): ExplainedLoser {
  const origin = findOrigin(proxy, at);
  return { name, reason, ...(origin && { origin }) };
}

/** The name that the user gave the rule, else its place; and what it asks for. */
function routeText(
  { resources }: ServedProxy,
  { at, why, chosen }: Step,
  origin: Origin | undefined,
): Pick<ExplainedStep, 'chosen' | 'why'> {
  const route = at && (partsAt(resources, at).at(-1) as Route | undefined);
  if (!route?.match) return { chosen, why };
  const asked = describeMatch(route.match);
  const place = formatPath((origin?.path ?? []).slice(1));
  return { chosen: route.name || place || chosen, why: asked === '' ? 'takes every request' : asked };
}

function clusterSteps({ world, subject }: ServedProxy, step: ExplainedStep, name: string): readonly ExplainedStep[] {
  const cluster = parseClusterName(name);
  const service = cluster && serviceSeenFrom(world, subject.namespace, cluster.hostname);
  const why = step.notes.join(', ');
  if (step.origin?.object.kind !== 'DestinationRule' || cluster === undefined || !service)
    return [{ ...step, why: why || step.why, notes: [] }];
  const { origin, losers, ...rest } = step;
  const isSubset = origin.path[1] === 'subsets';
  return [
    { ...rest, why: why || rest.why, origin: serviceOrigin(world, service, cluster.port), losers: [], notes: [] },
    {
      stage: isSubset ? 'subset' : 'traffic policy',
      chosen: isSubset ? cluster.subset : `${origin.object.namespace}/${origin.object.name}`,
      why: isSubset
        ? labelsText(
            world.table('DestinationRule').lookup(`${origin.object.namespace}/${origin.object.name}`)?.spec.subsets,
            cluster.subset,
          )
        : 'its DestinationRule',
      origin,
      losers,
      notes: [],
    },
  ];
}

function labelsText(
  subsets: readonly { readonly name: string; readonly labels?: Readonly<Record<string, string>> }[] = [],
  name: string,
): string {
  const labels = Object.entries(subsets.find((subset) => subset.name === name)?.labels ?? {});
  return labels.length === 0 ? 'endpoints with any labels' : `endpoints with ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}`;
}
