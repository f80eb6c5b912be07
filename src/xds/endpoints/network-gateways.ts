import type { LbEndpoint } from '../../envoy/generated/envoy/config/endpoint/v3/LbEndpoint.ts';
import { isIpv4, isIpv6 } from '../../lib/cidr.ts';
import type { NetworkGateways } from '../../mesh/networks/network-gateways.ts';
import type { EndpointScope } from '../../mesh/scope.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import { addressMessage, endpointMetadata } from './lb-endpoints.ts';
import { type LocalityGroup, type Member, sumOfWeights } from './locality-groups.ts';

const maxUint32 = 4294967295;

/**
 * Replaces endpoints of other networks by the gateways that lead there, which share their weight (Istio
 * `EndpointsByNetworkFilter`). An endpoint without mutual TLS cannot be reached through a gateway and is dropped; one of a
 * network without gateways counts as directly reachable. A proxy without a network goes through the gateway.
 */
export function throughGateways(
  groups: readonly LocalityGroup[],
  gateways: NetworkGateways,
  scope: EndpointScope,
  withTelemetry: boolean,
): readonly LocalityGroup[] {
  const known = new Map<string, readonly NetworkGateway[]>();
  const waysTo = ({ network, clusterId }: Member['topology']): readonly NetworkGateway[] => {
    const key = `${clusterId}/${network}`;
    const ways = known.get(key) ?? waysInto(network, clusterId, gateways.all, scope.role === 'sidecar');
    known.set(key, ways);
    return ways;
  };
  return groups.map((group) => {
    const members: Member[] = [];
    const weightOf = new Map<NetworkGateway, number>();
    for (const member of group.members) {
      const weight = Math.min(member.weight * gateways.weightScale, maxUint32);
      const { network } = member.topology;
      const ways = waysTo(member.topology);
      const mustCross = scope.network === '' && network !== '' && ways.length > 0;
      if (!mustCross && (ways.length === 0 || isSameNetwork(scope.network, network))) {
        if (hasAddress(member.message)) members.push(withWeight(member, weight));
        continue;
      }
      const reachable = ways.filter((way) => isReachable(way, scope));
      if (reachable.length === 0 || !member.isMutual) continue;
      const share = Math.floor(weight / reachable.length);
      for (const way of reachable) weightOf.set(way, (weightOf.get(way) ?? 0) + share);
    }
    for (const way of gateways.all) {
      const weight = weightOf.get(way);
      if (weight !== undefined) members.push(gatewayMember(way, Math.max(weight, 1), withTelemetry));
    }
    return { ...group, members, weight: members.length === 0 ? undefined : sumOfWeights(members) };
  });
}

/** An unknown network on either side counts as the same one (Istio `identifier.IsSameOrEmpty`). */
export function isSameNetwork(a: string, b: string): boolean {
  return a === '' || b === '' || a === b;
}

function waysInto(network: string, clusterId: string, all: readonly NetworkGateway[], needsPort: boolean): readonly NetworkGateway[] {
  const ofNetwork = all.filter((way) => way.network === network);
  const ofCluster = ofNetwork.filter((way) => way.clusterId === clusterId);
  const best = ofCluster.length > 0 ? ofCluster : ofNetwork;
  return needsPort ? best.filter((way) => way.port !== 0) : best;
}

function isReachable(way: NetworkGateway, scope: EndpointScope): boolean {
  const { ipv4, ipv6 } = scope.features;
  return ipv4 === ipv6 || (ipv4 ? isIpv4(way.address) : isIpv6(way.address));
}

function gatewayMember(way: NetworkGateway, weight: number, withTelemetry: boolean): Member {
  const { network, clusterId } = way;
  const about = { workloadName: '', namespace: '', labels: {}, clusterId };
  return {
    message: {
      endpoint: { address: addressMessage(way.address, way.port) },
      metadata: { filter_metadata: endpointMetadata(about, 'istio', withTelemetry) },
      load_balancing_weight: { value: weight },
    },
    weight,
    topology: { labels: {}, locality: '', network, clusterId },
    isMutual: true,
  };
}

function withWeight(member: Member, weight: number): Member {
  if (weight === member.weight) return member;
  return { ...member, weight, message: { ...member.message, load_balancing_weight: { value: weight } } };
}

function hasAddress(message: LbEndpoint): boolean {
  const address = message.endpoint?.address;
  return address?.pipe !== undefined || (address?.socket_address?.address ?? '') !== '';
}
