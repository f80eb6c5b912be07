import { type Cidr, compareCidr, containsCidr, maskCidr, parseCidr } from '../lib/cidr.ts';
import type { Labels } from '../model/labels.ts';
import { networkLabel } from './augment-labels.ts';

/** The part of MeshConfig's `meshNetworks` that says which network an address belongs to. */
export interface MeshNetworks {
  readonly networks?: Readonly<Record<string, MeshNetwork>> | undefined;
}

export interface MeshNetwork {
  readonly endpoints?: readonly { readonly fromCidr?: string | undefined; readonly fromRegistry?: string | undefined }[] | undefined;
}

/** How a registry names the network of an address. */
export interface NetworkRules {
  /** Label of the system namespace; empty where it has none. */
  readonly systemNetwork: string;
  /** The network that `fromRegistry` gives to this registry's cluster. */
  readonly registryNetwork: string;
  readonly ranges: readonly { readonly cidr: Cidr; readonly network: string }[];
}

export function networkRules(clusterId: string, systemNetwork: string, meshNetworks: MeshNetworks): NetworkRules {
  const ranges: { cidr: Cidr; network: string }[] = [];
  let registryNetwork = '';
  for (const network of Object.keys(meshNetworks.networks ?? {}).sort()) {
    for (const endpoint of meshNetworks.networks?.[network]?.endpoints ?? []) {
      const cidr = endpoint.fromCidr === undefined ? undefined : parseCidr(endpoint.fromCidr);
      if (cidr) ranges.push({ cidr: maskCidr(cidr), network });
      if (endpoint.fromRegistry === clusterId && registryNetwork === '') registryNetwork = network;
    }
  }
  ranges.sort((a, b) => a.cidr.prefixLength - b.cidr.prefixLength || compareCidr(a.cidr, b.cidr));
  return { systemNetwork, registryNetwork, ranges };
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
