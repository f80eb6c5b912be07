import { compareText } from '../../model/config-object.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';

/** All gateways between networks, each once, in a total order, and by what all weights are multiplied so that they divide evenly. */
export interface NetworkGateways {
  readonly all: readonly NetworkGateway[];
  readonly weightScale: number;
}

/** The scale is the least common multiple of how many gateways each network and each cluster of a network has (Istio `NetworkGateways.update`). */
export function networkGateways(gateways: readonly NetworkGateway[]): NetworkGateways {
  const all = [...new Map(gateways.map((gateway) => [JSON.stringify(gateway), gateway])).values()].sort(byPlace);
  const counts = new Map<string, number>();
  for (const { network, clusterId } of all) {
    for (const key of [network, `${network}/${clusterId}`]) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { all, weightScale: [...counts.values()].reduce(leastCommonMultiple, 1) };
}

/** By address and port first, as Istio lists them. */
function byPlace(a: NetworkGateway, b: NetworkGateway): number {
  return compareText(a.address, b.address) || a.port - b.port || compareText(a.network, b.network) || compareText(a.clusterId, b.clusterId);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
