import type { Labels } from '../model/labels.ts';
import { localityLabels, parseLocality } from '../model/locality.ts';
import type { RegistryProvider } from '../model/service.ts';

export const networkLabel = 'topology.istio.io/network';
export const clusterLabel = 'topology.istio.io/cluster';
export const tlsModeLabel = 'security.istio.io/tlsMode';
export const workloadNameLabel = 'service.istio.io/workload-name';
const hostnameLabel = 'kubernetes.io/hostname';
/** Which registry an instance came from, so that a DestinationRule can split a host between registries. */
const registryIdLabel = 'registry.mesh/id';
const registryProviderLabel = 'registry.mesh/provider';

/** The registry that knows an instance by itself, whoever selects it: of a pod Kubernetes, of a WorkloadEntry External. */
export interface InstanceOrigin {
  readonly id: string;
  readonly provider: RegistryProvider;
}

/** Where a workload runs, as far as it shows in its labels. */
export interface Placement {
  readonly clusterId: string;
  /** `region/zone/subzone`. */
  readonly locality: string;
  readonly nodeName: string;
  readonly network: string;
  readonly registry: InstanceOrigin;
}

/**
 * The labels of a workload as selectors, subsets and failover priorities see them: its own plus where it runs. A network
 * label of its own stays; region, zone and the like are replaced (Istio `util/label.AugmentLabels`). The registry is ours.
 * Labels reach no proxy as they are, so that these change no byte of what a mesh without other registries is sent.
 */
export function augmentLabels(labels: Labels, placement: Placement): Labels {
  const out: Record<string, string> = { ...labels };
  const { region, zone, subZone } = parseLocality(placement.locality);
  const set = (name: string, value: string): void => {
    if (value !== '') out[name] = value;
  };
  set(localityLabels.region, region);
  set(localityLabels.zone, zone);
  set(localityLabels.subZone, subZone);
  set(clusterLabel, placement.clusterId);
  set(hostnameLabel, placement.nodeName);
  Object.assign(out, registryLabels(placement.registry));
  if ((out[networkLabel] ?? '') === '') set(networkLabel, placement.network);
  return out;
}

/** What every endpoint carries beside labels of its own. */
export function registryLabels({ id, provider }: InstanceOrigin): Labels {
  return { [registryIdLabel]: id, [registryProviderLabel]: provider };
}

/** The registry that an endpoint came from, out of its labels. */
export function originOf(labels: Labels): InstanceOrigin | undefined {
  const [id, provider] = [labels[registryIdLabel], labels[registryProviderLabel]];
  return id === undefined || provider === undefined ? undefined : { id, provider: provider as RegistryProvider };
}

/**
 * The locality that a label gives: `topology.istio.io/locality`, else `istio-locality`. Labels cannot hold `/`, so dots
 * stand for it unless there is one.
 */
export function localityFromLabels(labels: Labels): string {
  const text = labels['topology.istio.io/locality'] ?? labels['istio-locality'] ?? '';
  return text.includes('/') ? text : text.replaceAll('.', '/');
}
