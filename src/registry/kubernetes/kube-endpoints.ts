import type { Cell, Index, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { selects } from '../../model/labels.ts';
import type { Service } from '../../model/service.ts';
import type { EndpointSlice } from '../../schema/kubernetes/endpoint-slice.ts';
import { canonicalEndpoints } from '../endpoint-order.ts';
import type { MeshFacts } from '../mesh-facts.ts';
import { selectorGroup } from '../selector-index.ts';
import type { WorkloadInstance } from '../workload-instance.ts';
import { entryEndpoints, podEndpoints } from './selected-endpoints.ts';
import { type SliceSurroundings, sliceEndpoints } from './slice-endpoints.ts';

export interface KubeEndpointSources {
  readonly engine: Engine;
  readonly services: MapCell<Service>;
  readonly slices: Index<ConfigObject<EndpointSlice>>;
  readonly pods: MapCell<WorkloadInstance>;
  readonly podsByLabel: Index<WorkloadInstance>;
  readonly entriesByLabel: Index<WorkloadInstance>;
  readonly facts: Cell<MeshFacts>;
  readonly areSlicesMade: boolean;
  readonly isDualStack: boolean;
}

/** `namespace/name` of the Service a slice belongs to; those of multi-cluster services belong to none. */
export function sliceGroups(slice: ConfigObject<EndpointSlice>): readonly string[] {
  const name = slice.labels['kubernetes.io/service-name'] ?? '';
  const isMultiCluster = slice.labels['multicluster.kubernetes.io/service-name'] !== undefined;
  return name === '' || isMultiCluster ? [] : [`${slice.namespace}/${name}`];
}

/** The endpoints of each service: of its slices, else of the pods it selects, and of the WorkloadEntries it selects. */
export function kubeEndpoints(sources: KubeEndpointSources): MapCell<readonly Endpoint[]> {
  const { engine, pods, facts } = sources;
  const podsByAddress = engine.index(pods, addressGroups);
  const surroundings = (read: Read): SliceSurroundings => ({
    networks: read(facts).networks,
    isDualStack: sources.isDualStack,
    podNamed: (namespace, name) => read(pods.at(`${namespace}/${name}`)),
    podAt: (namespace, address) =>
      read(podsByAddress.group(`${namespace}/${address}`))
        .values()
        .next().value,
  });
  return engine.mapValues(
    sources.services,
    (service, _key, read) => {
      if (service.resolution === 'Alias') return [];
      const slices = read(sources.slices.group(`${service.namespace}/${service.name}`));
      const local =
        slices.size > 0 || sources.areSlicesMade
          ? [...slices.values()].flatMap((slice) => sliceEndpoints(slice, service, surroundings(read)))
          : podEndpoints(service, selected(service, sources.podsByLabel, read), sources.isDualStack);
      // While an endpoint moves between slices both have it.
      const unique = canonicalEndpoints(local, (endpoint) => `${endpoint.address}|${endpoint.portName}`);
      if (service.resolution !== 'ClientSideLB' || service.meshExternal) return unique;
      const entries = selected(service, sources.entriesByLabel, read);
      return entries.length === 0 ? unique : canonicalEndpoints([...unique, ...entryEndpoints(service, entries)]);
    },
    deepEqual,
  );
}

/** A Service without a selector selects nothing. */
function selected(service: Service, byLabel: Index<WorkloadInstance>, read: Read): readonly WorkloadInstance[] {
  if (Object.keys(service.selector).length === 0) return [];
  const candidates = read(byLabel.group(selectorGroup(service.namespace, service.selector)));
  return [...candidates.values()].filter(({ workload }) => selects(service.selector, workload.labels));
}

/** Only running pods: an address goes to another pod when one ends. */
function addressGroups(pod: WorkloadInstance): readonly string[] {
  if (!pod.isReady || pod.isTerminating || pod.isFinished) return [];
  return pod.workload.addresses.map((address) => `${pod.workload.namespace}/${address}`);
}
