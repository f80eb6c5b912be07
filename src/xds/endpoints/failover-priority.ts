import { parseLocality } from '../../model/locality.ts';
import { compactPriorities, type LocalityGroup, type Member, sumOfWeights, type Topology } from './locality-groups.ts';

const networkLabel = 'topology.istio.io/network';

/**
 * Splits each locality by how many leading labels an endpoint has in common with the proxy: all of them is priority 0.
 * `key=value` compares with the value instead of the proxy's. A leading network label that differs puts the endpoint
 * behind all others, without hiding how the rest of its labels compare (Istio `applyFailoverPriorities`).
 */
export function applyFailoverPriority(
  groups: readonly LocalityGroup[],
  proxy: Topology,
  failoverPriority: readonly string[],
): readonly LocalityGroup[] {
  const wanted = failoverPriority.map((entry) => wantedLabel(entry, proxy));
  const split = groups.flatMap((group) => {
    const byPriority = new Map<number, Member[]>();
    for (const member of group.members) {
      const priority = priorityOf(member.topology, wanted);
      const members = byPriority.get(priority);
      if (members) members.push(member);
      else byPriority.set(priority, [member]);
    }
    return [...byPriority]
      .sort(([a], [b]) => a - b)
      .map(([priority, members]) => ({ locality: group.locality, priority, weight: sumOfWeights(members), members }));
  });
  return compactPriorities(split);
}

/** A label of a place: the one it carries, else the fact that Istio writes as this label (`AugmentLabels`). */
export function topologyLabel(place: Topology, key: string): string {
  const { region, zone, subZone } = parseLocality(place.locality);
  const facts: Readonly<Record<string, string | undefined>> = {
    'topology.kubernetes.io/region': region,
    'topology.kubernetes.io/zone': zone,
    'topology.istio.io/subzone': subZone,
    'topology.istio.io/cluster': place.clusterId,
    'kubernetes.io/hostname': place.nodeName,
  };
  if (key === networkLabel) return place.labels[key] || place.network;
  return facts[key] || (place.labels[key] ?? '');
}

interface WantedLabel {
  readonly key: string;
  readonly value: string;
}

function wantedLabel(entry: string, proxy: Topology): WantedLabel {
  const parts = entry.split('=');
  const key = parts[0] ?? '';
  return { key, value: parts.length === 2 ? (parts[1] ?? '') : topologyLabel(proxy, key) };
}

function priorityOf(place: Topology, wanted: readonly WantedLabel[]): number {
  let behindNetwork = 0;
  for (const [index, { key, value }] of wanted.entries()) {
    if (topologyLabel(place, key) === value) continue;
    if (index === 0 && key === networkLabel) behindNetwork = wanted.length;
    else return wanted.length - index + behindNetwork;
  }
  return behindNetwork;
}
