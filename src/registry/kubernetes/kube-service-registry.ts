import type { Cell, Index, MapCell, Read } from '../../incremental/cell.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import type { Workload } from '../../model/workload.ts';
import type { EndpointSlice } from '../../schema/kubernetes/endpoint-slice.ts';
import type { Node } from '../../schema/kubernetes/node.ts';
import type { Pod } from '../../schema/kubernetes/pod.ts';
import type { KubeService } from '../../schema/kubernetes/service.ts';
import { type MeshFacts, type MeshSources, meshFacts } from '../mesh-facts.ts';
import { configuredStatus, type RegistryStatus } from '../registry-status.ts';
import { labelGroups } from '../selector-index.ts';
import type { ServiceRegistry } from '../service-registry.ts';
import { type WorkloadInstance, workloadsOf } from '../workload-instance.ts';
import { convertPod } from './convert-pod.ts';
import { convertService } from './convert-service.ts';
import { kubeEndpoints, sliceGroups } from './kube-endpoints.ts';
import { serviceGateways } from './network-gateways.ts';
import { type NodeFacts, nodeAddresses, nodeFacts, nodeSelectorOf } from './node-addresses.ts';

/** Tables of one cluster, whether files, an API server or a test fills them. Keys are `namespace/name`. */
export interface KubeServiceRegistryOptions extends MeshSources {
  readonly domainSuffix: string;
  readonly services: MapCell<ConfigObject<KubeService>>;
  readonly endpointSlices: MapCell<ConfigObject<EndpointSlice>>;
  readonly pods: MapCell<ConfigObject<Pod>>;
  readonly nodes: MapCell<ConfigObject<Node>>;
  /** WorkloadEntries by label, because Services select them beside pods. */
  readonly entries: Index<WorkloadInstance>;
  /**
   * Whether somebody makes EndpointSlices, as in every live cluster: then a Service without them has no endpoints. Otherwise
   * those are made of the pods that it selects. Default: nobody does.
   */
  readonly areSlicesMade?: boolean;
  /** Services and pods with addresses of both families are reached by either (ISTIO_DUAL_STACK). Default: by one. */
  readonly isDualStack?: boolean;
  /** Whether all tables have been filled once. Default: they have. */
  readonly hasSynced?: () => boolean;
}

/**
 * Services, endpoints and pods of one Kubernetes cluster, as cells.
 *
 *     Namespace -> Service --------> services --> endpoints
 *     Node --> localities -> Pod --> pods ----------^
 *                     EndpointSlice (by service) ---^
 */
export class KubeServiceRegistry implements ServiceRegistry {
  readonly id: string;
  readonly provider = 'Kubernetes';
  readonly clusterId: string;
  readonly services: MapCell<Service>;
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly workloads: MapCell<Workload>;
  /** Pods in any phase but Failed, by `namespace/name`. */
  readonly pods: MapCell<WorkloadInstance>;
  /** The same by `selectorGroup`, for ServiceEntries that select pods. */
  readonly podsByLabel: Index<WorkloadInstance>;
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  readonly hasSynced: () => boolean;

  constructor(options: KubeServiceRegistryOptions) {
    const { engine, clusterId } = options;
    const facts = meshFacts(options);
    const nodes = engine.mapValues(options.nodes, nodeFacts, deepEqual);
    this.id = clusterId;
    this.clusterId = clusterId;
    this.hasSynced = options.hasSynced ?? (() => true);
    this.pods = podInstances(options, nodes, (read) => read(facts));
    this.podsByLabel = engine.index(this.pods, ({ workload }) => labelGroups(workload.namespace, workload.labels));
    this.workloads = workloadsOf(engine, 'Pod', this.pods);
    this.services = kubeServices(options, nodes, (read) => read(facts));
    this.networkGateways = serviceGateways(engine, this.services, facts);
    this.endpoints = kubeEndpoints({
      engine,
      services: this.services,
      slices: engine.index(options.endpointSlices, sliceGroups),
      pods: this.pods,
      podsByLabel: this.podsByLabel,
      entriesByLabel: options.entries,
      facts,
      areSlicesMade: options.areSlicesMade ?? false,
      isDualStack: options.isDualStack ?? false,
    });
  }

  status(): RegistryStatus {
    return configuredStatus(this);
  }
}

function podInstances(
  options: KubeServiceRegistryOptions,
  nodes: MapCell<NodeFacts>,
  factsOf: (read: Read) => MeshFacts,
): MapCell<WorkloadInstance> {
  const { engine, clusterId } = options;
  const localities = engine.mapValues(nodes, (node) => node.locality);
  return engine.mapValues(
    options.pods,
    (pod, _key, read) => {
      if (pod.spec.status?.phase === 'Failed') return undefined;
      const { trustDomain, networks } = factsOf(read);
      const nodeName = pod.spec.spec?.nodeName ?? '';
      const nodeLocality = nodeName === '' ? '' : (read(localities.at(`/${nodeName}`)) ?? '');
      return convertPod(pod, { clusterId, trustDomain, networks, nodeLocality });
    },
    deepEqual,
  );
}

function kubeServices(
  options: KubeServiceRegistryOptions,
  nodes: MapCell<NodeFacts>,
  factsOf: (read: Read) => MeshFacts,
): MapCell<Service> {
  const { engine, clusterId, domainSuffix } = options;
  const annotations = engine.mapValues(options.namespaces, (namespace) => namespace.annotations, deepEqual);
  return engine.flatMap(
    options.services,
    (object, _key, read) => {
      const { trustDomain, defaultServiceExportTo } = factsOf(read);
      const settings = { clusterId, domainSuffix, trustDomain, defaultServiceExportTo };
      const service = convertService(object, read(annotations.at(`/${object.namespace}`)) ?? {}, settings);
      const selector = nodeSelectorOf(object);
      const reached = selector ? behindNodes(service, object, nodeAddresses(read(nodes).values(), selector)) : service;
      return [[serviceKey(service), reached] as const];
    },
    deepEqual,
  );
}

/** A gateway Service of type NodePort is reached through its nodes. */
function behindNodes(service: Service, object: ConfigObject<KubeService>, addresses: readonly string[]): Service {
  const ports = object.spec.spec?.ports ?? [];
  return {
    ...service,
    externalAddresses: [...addresses, ...service.externalAddresses],
    nodePorts: Object.fromEntries(ports.map((port) => [port.port, port.nodePort ?? 0])),
  };
}
