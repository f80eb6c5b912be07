import type { LbEndpoint } from '../../envoy/generated/envoy/config/endpoint/v3/LbEndpoint.ts';
import type { LocalityLbEndpoints } from '../../envoy/generated/envoy/config/endpoint/v3/LocalityLbEndpoints.ts';
import { compareText } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { parseLocality } from '../../model/locality.ts';

/** One endpoint in an assignment: its message, and what failoverPriority compares. */
export interface Member {
  readonly message: LbEndpoint;
  /** As `load_balancing_weight` of the message. */
  readonly weight: number;
  readonly topology: Topology;
  readonly isMutual: boolean;
}

/** Where an endpoint or a proxy is, in the words of failoverPriority. */
export interface Topology {
  readonly labels: Labels;
  readonly locality: string;
  readonly network: string;
  readonly clusterId: string;
  readonly nodeName?: string;
}

/** The endpoints of one locality, or of one priority of it. */
export interface LocalityGroup {
  readonly locality: string;
  readonly priority: number;
  /** Sum of the members, or what `distribute` asks for; undefined where it has no members of its own. */
  readonly weight: number | undefined;
  readonly members: readonly Member[];
}

const maxUint32 = 4294967295;

/** Groups members by locality, sorted by its text; members keep their order. */
export function groupByLocality(members: readonly Member[]): readonly LocalityGroup[] {
  const byLocality = new Map<string, Member[]>();
  for (const member of members) {
    const { locality } = member.topology;
    const group = byLocality.get(locality);
    if (group) group.push(member);
    else byLocality.set(locality, [member]);
  }
  return [...byLocality]
    .sort(([a], [b]) => compareText(a, b))
    .map(([locality, group]) => ({ locality, priority: 0, weight: sumOfWeights(group), members: group }));
}

/** Stops at what a uint32 holds. */
export function sumOfWeights(members: readonly Member[]): number {
  let sum = 0;
  for (const { weight } of members) sum += weight;
  return Math.min(sum, maxUint32);
}

export function localityMessages(groups: readonly LocalityGroup[]): LocalityLbEndpoints[] {
  return groups.map((group) => {
    const { region, zone, subZone } = parseLocality(group.locality);
    return {
      locality: {
        ...(region === '' ? {} : { region }),
        ...(zone === '' ? {} : { zone }),
        ...(subZone === '' ? {} : { sub_zone: subZone }),
      },
      lb_endpoints: group.members.map((member) => member.message),
      ...(group.weight === undefined ? {} : { load_balancing_weight: { value: group.weight } }),
      ...(group.priority === 0 ? {} : { priority: group.priority }),
    };
  });
}

/** Envoy refuses gaps: the priorities that occur become 0, 1, 2, ... */
export function compactPriorities(groups: readonly LocalityGroup[]): readonly LocalityGroup[] {
  const present = [...new Set(groups.map((group) => group.priority))].sort((a, b) => a - b);
  const rank = new Map(present.map((priority, index) => [priority, index]));
  return groups.map((group) => ({ ...group, priority: rank.get(group.priority) ?? 0 }));
}
