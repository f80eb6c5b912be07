import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import { chanceOf, percentText } from '../chance.ts';
import type { Context } from '../engine.ts';
import type { EndpointChoice } from '../outcome.ts';
import { partOf } from '../places.ts';
import type { Loser, Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { type Host, hostsOf, type LocalityHosts } from './hosts.ts';
import { type PriorityLoad, priorityLoads } from './priorities.ts';
import { upstreamTls } from './upstream-tls.ts';

export interface PickedEndpoints {
  /** Those that may get a request. */
  readonly endpoints: readonly EndpointChoice[];
  readonly steps: readonly Step[];
  /** How many requests are turned away beforehand, 0 to 1. */
  readonly dropShare: number;
}

/** Spreads requests over the endpoints of a load assignment: by priority, then locality, then weight. */
export function pickEndpoints(context: Context, cluster: Cluster, assignment: ClusterLoadAssignment, at: Place): PickedEndpoints {
  const levels = hostsOf(assignment);
  const loads = priorityLoads(
    levels.map((localities) => countOf(localities.flatMap(({ hosts }) => hosts))),
    (assignment.policy?.overprovisioning_factor?.value ?? 140) / 100,
    panicThreshold(cluster),
  );
  const isByLocality = cluster.common_lb_config?.locality_weighted_lb_config != null;
  const shares = new Map<Host, number>();
  for (const [level, localities] of levels.entries()) spread(localities, loads[level] ?? none, isByLocality, shares);
  const chosen = [...shares].filter(([, share]) => share > 0);
  const { tls: _, step: tlsStep } = upstreamTls(cluster, chosen[0]?.[0].metadata);
  const endpoints = chosen.map(([host, share]): EndpointChoice => {
    const { address, priority, locality } = host;
    return { address, share, priority, locality, tls: upstreamTls(cluster, host.metadata).tls };
  });
  const all = levels.flatMap((localities) => localities.flatMap(({ hosts }) => hosts));
  const losers = context.wantsLosers ? losingHosts(all, shares, at) : [];
  const step = stepOf({
    stage: 'endpoints',
    chosen: textOf(endpoints),
    why: whyOf(endpoints, all.length),
    at,
    losers,
    notes: notesOf(cluster),
  });
  return {
    endpoints,
    steps: endpoints.length > 0 && tlsStep ? [step, tlsStep] : [step],
    dropShare: dropShareOf(assignment),
  };
}

/** 0 to 1. */
function panicThreshold({ common_lb_config }: Cluster): number {
  const threshold = common_lb_config?.healthy_panic_threshold;
  return threshold ? Number(threshold.value ?? 0) / 100 : 0.5;
}

const none: PriorityLoad = { share: 0, isPanic: false };

function countOf(hosts: readonly Host[]): { healthy: number; degraded: number; total: number } {
  const count = (health: Host['health']) => hosts.filter((host) => host.health === health).length;
  return { healthy: count('healthy'), degraded: count('degraded'), total: hosts.length };
}

/** Degraded hosts count only where none is healthy. */
function usable(hosts: readonly Host[], isPanic: boolean): readonly Host[] {
  if (isPanic) return hosts;
  const healthy = hosts.filter(({ health }) => health === 'healthy');
  return healthy.length > 0 ? healthy : hosts.filter(({ health }) => health === 'degraded');
}

function spread(localities: readonly LocalityHosts[], load: PriorityLoad, isByLocality: boolean, shares: Map<Host, number>): void {
  const groups = isByLocality ? localities : [{ weight: 1, hosts: localities.flatMap(({ hosts }) => hosts) }];
  const weighed = groups.map(({ weight, hosts }) => {
    const used = usable(hosts, load.isPanic);
    // A locality that has lost hosts passes on what the others of it cannot bear.
    const ability = hosts.length === 0 ? 0 : Math.min(1, (1.4 * used.length) / hosts.length);
    return { used, weight: used.length === 0 ? 0 : weight * ability };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  for (const { used, weight } of weighed) {
    const ofHosts = used.reduce((sum, host) => sum + host.weight, 0);
    for (const host of used) shares.set(host, total === 0 ? 0 : (load.share * weight * host.weight) / (total * ofHosts));
  }
}

function losingHosts(all: readonly Host[], shares: ReadonlyMap<Host, number>, at: Place): readonly Loser[] {
  return all
    .filter((host) => (shares.get(host) ?? 0) === 0)
    .map((host) => ({ name: host.address, reason: whyNot(host), at: partOf(at, host.path) }));
}

function whyNot({ health, status, priority }: Host): string {
  if (health === 'unhealthy') return `its health is ${status}`;
  if (health === 'degraded') return 'it is degraded, and others are healthy';
  return priority > 0 ? `its priority is ${priority}, and enough are healthy before it` : 'its locality has no weight';
}

function textOf(endpoints: readonly EndpointChoice[]): string {
  const [first] = endpoints;
  if (first === undefined) return '';
  return endpoints.length === 1 ? first.address : `${endpoints.length} endpoints`;
}

function whyOf(endpoints: readonly EndpointChoice[], count: number): string {
  if (count === 0) return 'the cluster has no endpoints';
  if (endpoints.length === 0) return `none of ${count} is healthy`;
  const byPriority = new Map<number, number>();
  for (const { priority, share } of endpoints) byPriority.set(priority, (byPriority.get(priority) ?? 0) + share);
  const parts = [...byPriority].map(([priority, share]) => `priority ${priority} gets ${percentText(share)}`);
  return byPriority.size === 1 && byPriority.has(0) ? `${endpoints.length} of ${count} may get it` : parts.join(', ');
}

function notesOf({ lb_policy, lb_subset_config }: Cluster): readonly string[] {
  return [
    ...(lb_policy === 'RING_HASH' || lb_policy === 'MAGLEV'
      ? ['equal requests go to one endpoint: shares are over many different ones']
      : []),
    ...(lb_subset_config ? ['subsets by metadata are not evaluated'] : []),
  ];
}

function dropShareOf({ policy }: ClusterLoadAssignment): number {
  return 1 - (policy?.drop_overloads ?? []).reduce((kept, { drop_percentage }) => kept * (1 - chanceOf(drop_percentage)), 1);
}
