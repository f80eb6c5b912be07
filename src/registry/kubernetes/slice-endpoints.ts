import type { ConfigObject } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Service } from '../../model/service.ts';
import type { EndpointSlice, SliceEndpoint } from '../../schema/kubernetes/endpoint-slice.ts';
import { augmentLabels } from '../augment-labels.ts';
import { type NetworkRules, networkOf } from '../networks/network-rules.ts';
import { type EndpointPort, endpointOf, type WorkloadInstance } from '../workload-instance.ts';
import { endpointHealth } from './endpoint-health.ts';

/** What the addresses of a slice are looked up in. */
export interface SliceSurroundings {
  readonly networks: NetworkRules;
  /** Pods behind services of both families are one endpoint with all its addresses (ISTIO_DUAL_STACK). */
  readonly isDualStack: boolean;
  /** The pod with this name, in whatever state. */
  readonly podNamed: (namespace: string, name: string) => WorkloadInstance | undefined;
  /** A running pod of the namespace with this address. */
  readonly podAt: (namespace: string, address: string) => WorkloadInstance | undefined;
}

/**
 * The endpoints of one EndpointSlice (Istio `endpointslice.go`): an address whose target is a pod waits for the pod, any
 * other may stand alone. Slices of DNS names carry nothing that Envoy could be told by EDS, so they are left out, as there.
 */
export function sliceEndpoints(slice: ConfigObject<EndpointSlice>, service: Service, surroundings: SliceSurroundings): readonly Endpoint[] {
  if (slice.spec.addressType === 'FQDN') return [];
  const out: Endpoint[] = [];
  for (const entry of slice.spec.endpoints ?? []) {
    const health = endpointHealth(entry.conditions ?? {}, service.labels);
    for (const address of entry.addresses ?? []) {
      const isPod = entry.targetRef?.kind === 'Pod';
      const pod = isPod ? targetPod(entry, slice.namespace, surroundings) : surroundings.podAt(slice.namespace, address);
      if (isPod && pod === undefined) continue;
      const all = surroundings.isDualStack && isPod && pod !== undefined ? dualStackAddresses(service, pod) : undefined;
      // The slice of the other family has the same pod.
      if (all !== undefined && slice.spec.addressType === 'IPv6') continue;
      const [first = address, ...additionalAddresses] = all ?? [];
      const where = { address: first, ...(additionalAddresses.length > 0 && { additionalAddresses }) };
      for (const port of slice.spec.ports ?? []) {
        const at: EndpointPort = { ...where, port: port.port ?? 0, portName: port.name ?? '', health };
        out.push(pod ? endpointOf(pod, at) : bareEndpoint(at, service.clusterId, surroundings.networks));
      }
    }
  }
  return out;
}

/** All addresses of the pod, the primary one first, where both it and the service have several. */
export function dualStackAddresses(service: Service, { workload }: WorkloadInstance): readonly string[] | undefined {
  return service.addresses.length > 1 && workload.addresses.length > 1 ? workload.addresses : undefined;
}

function targetPod(entry: SliceEndpoint, namespace: string, surroundings: SliceSurroundings): WorkloadInstance | undefined {
  return surroundings.podNamed(entry.targetRef?.namespace || namespace, entry.targetRef?.name ?? '');
}

/** An address of which nothing is known but where it is. */
function bareEndpoint(at: EndpointPort, clusterId: string, networks: NetworkRules): Endpoint {
  const network = networkOf(networks, at.address, {});
  return {
    ...at,
    labels: augmentLabels({}, { clusterId, locality: '', nodeName: '', network, registry: { id: clusterId, provider: 'Kubernetes' } }),
    locality: '',
    weight: 1,
    serviceAccount: '',
    network,
    clusterId,
    namespace: '',
    workloadName: '',
    tlsMode: 'disabled',
  };
}
