import { type Cidr, compareCidr, containsCidr, maskCidr, parseCidr } from '../../lib/cidr.ts';
import type { Labels } from '../../model/labels.ts';
import type { MeshNetworks } from '../../schema/mesh-config/mesh-networks.ts';
import { networkLabel } from '../augment-labels.ts';

/** How a registry names the network of an address. */
export interface NetworkRules {
  /** Label of the system namespace; empty where it has none. */
  readonly systemNetwork: string;
  /** The network that `fromRegistry` gives to this registry's cluster. */
  readonly registryNetwork: string;
  readonly ranges: readonly { readonly cidr: Cidr; readonly network: string }[];
  /** Services of this registry's cluster that are gateways of a network which it belongs to. */
  readonly gatewayServices: readonly { readonly hostname: string; readonly network: string; readonly port: number }[];
}

export function networkRules(clusterId: string, systemNetwork: string, meshNetworks: MeshNetworks): NetworkRules {
  const ranges: { cidr: Cidr; network: string }[] = [];
  const gatewayServices: { hostname: string; network: string; port: number }[] = [];
  let registryNetwork = '';
  for (const network of Object.keys(meshNetworks.networks ?? {}).sort()) {
    const { endpoints = [], gateways = [] } = meshNetworks.networks?.[network] ?? {};
    for (const endpoint of endpoints) {
      const cidr = endpoint.fromCidr === undefined ? undefined : parseCidr(endpoint.fromCidr);
      if (cidr) ranges.push({ cidr: maskCidr(cidr), network });
      if (endpoint.fromRegistry === clusterId && registryNetwork === '') registryNetwork = network;
    }
    if (!endpoints.some(({ fromRegistry }) => fromRegistry === clusterId)) continue;
    for (const { registryServiceName: hostname, port = 0 } of gateways) {
      if (hostname !== undefined && hostname !== '') gatewayServices.push({ hostname, network, port });
    }
  }
  ranges.sort((a, b) => a.cidr.prefixLength - b.cidr.prefixLength || compareCidr(a.cidr, b.cidr));
  return { systemNetwork, registryNetwork, ranges, gatewayServices };
}

/** Its own label, else the system namespace's, else `meshNetworks` (Istio `kube/controller.Network`); empty: no network. */
export function networkOf(rules: NetworkRules, address: string, labels: Labels): string {
  const own = labels[networkLabel] ?? '';
  if (own !== '') return own;
  if (rules.systemNetwork !== '') return rules.systemNetwork;
  if (rules.registryNetwork !== '' || rules.ranges.length === 0) return rules.registryNetwork;
  const cidr = parseCidr(address);
  return (cidr && rules.ranges.find((range) => containsCidr(range.cidr, cidr))?.network) ?? '';
}
