import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import { percentText } from '../chance.ts';
import type { Context } from '../engine.ts';
import { isGrpc } from '../http/http-request.ts';
import { localReply, withHeaderChanges } from '../http/local-reply.ts';
import type { Answered, Delivered, Outcome } from '../outcome.ts';
import { istioText, placeOf } from '../places.ts';
import type { Simulation } from '../simulation.ts';
import type { Place } from '../step.ts';
import { branched, ended, onwards, stepOf } from '../steps.ts';
import { destinationsOf } from './destinations.ts';
import type { Hop } from './hop.ts';

/** From the name of a cluster to who may get the request. */
export function throughCluster(context: Context, hop: Hop): Simulation {
  const cluster = hop.name === '' ? undefined : context.resources.clusters.get(hop.name);
  if (cluster === undefined) {
    const why = hop.name === '' ? 'nothing names a cluster' : `${hop.why}, and there is no such cluster`;
    return ended([stepOf({ stage: 'cluster', chosen: hop.name, why })], missing(hop));
  }
  const at = placeOf('cluster', hop.name, [], cluster.metadata);
  const step = stepOf({ stage: 'cluster', chosen: hop.name, why: hop.why, at, notes: [kindOf(cluster)] });
  const found = destinationsOf(context, cluster, hop);
  if (found.unknown !== undefined) return ended([step, ...found.steps], { kind: 'unknown', because: found.unknown, at });
  const isEmpty = found.endpoints.length === 0 && found.resolves === undefined;
  const end = isEmpty ? unhealthy(hop, at) : delivered(cluster, hop, found);
  return onwards([step, ...found.steps], dropped(found.dropShare, ended([], end), hop, at));
}

/** A share of the requests may be turned away although there is somebody to take them. */
function dropped(share: number, rest: Simulation, hop: Hop, at: Place): Simulation {
  if (share === 0) return rest;
  return branched([
    { probability: share, because: `${percentText(share)} are dropped, as the load assignment says`, way: ended([], unhealthy(hop, at)) },
    { probability: 1 - share, because: 'the rest goes on', way: rest },
  ]);
}

type Found = ReturnType<typeof destinationsOf>;

function delivered(cluster: Cluster, { name, http, mirrors }: Hop, { endpoints, resolves }: Found): Delivered {
  return {
    kind: 'delivered',
    cluster: name,
    subset: istioText(cluster.metadata, 'subset') ?? '',
    endpoints,
    ...(resolves !== undefined && { resolves }),
    ...(http && { request: http.forwarded }),
    mirrors,
  };
}

function missing({ http, from }: Hop): Outcome {
  if (http === undefined) return { kind: 'closed', because: 'no cluster', at: from };
  return refused(http, { by: 'no cluster', status: http.missingStatus, at: from });
}

function unhealthy({ http }: Hop, at: Place): Outcome {
  if (http === undefined) return { kind: 'closed', because: 'no healthy upstream', at };
  return refused(http, { by: 'no healthy upstream', status: 503, body: 'no healthy upstream', at });
}

function refused({ request, forwarded }: NonNullable<Hop['http']>, answer: Omit<Answered, 'kind'>): Answered {
  return withHeaderChanges(localReply(isGrpc(request), answer), forwarded.responseHeaderChanges);
}

function kindOf({ type, cluster_type, lb_policy }: Cluster): string {
  const kind = cluster_type?.name ?? String(type ?? 'STATIC');
  return lb_policy === undefined || lb_policy === 'CLUSTER_PROVIDED' ? kind : `${kind}, ${String(lb_policy)}`;
}
