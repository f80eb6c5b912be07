import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Container, Pod } from '../../schema/kubernetes/pod.ts';
import { augmentLabels, localityFromLabels, tlsModeLabel } from '../augment-labels.ts';
import { type NetworkRules, networkOf } from '../networks/network-rules.ts';
import { spiffeId, type WorkloadInstance } from '../workload-instance.ts';
import { podWorkloadName } from './pod-workload-name.ts';

/** What a pod needs to know of its surroundings. */
export interface PodSettings {
  readonly clusterId: string;
  readonly trustDomain: string;
  readonly networks: NetworkRules;
  /** Locality of the node it runs on; empty where unknown. */
  readonly nodeLocality: string;
}

/** A pod as a workload and a possible endpoint (Istio `kube/controller.NewEndpointBuilder`). */
export function convertPod(pod: ConfigObject<Pod>, settings: PodSettings): WorkloadInstance {
  const { clusterId } = settings;
  const spec = pod.spec.spec ?? {};
  const status = pod.spec.status ?? {};
  const addresses = podAddresses(pod.spec);
  const locality = localityFromLabels(pod.labels) || settings.nodeLocality;
  const network = networkOf(settings.networks, addresses[0] ?? '', pod.labels);
  const nodeName = spec.nodeName ?? '';
  // The API server fills in this name; in files it is mostly left out.
  const serviceAccount = spec.serviceAccountName || 'default';
  const subDomain = spec.subdomain ?? '';
  return {
    workload: {
      source: refOf(pod),
      name: pod.name,
      namespace: pod.namespace,
      addresses,
      labels: augmentLabels(pod.labels, { clusterId, locality, nodeName, network, registry: { id: clusterId, provider: 'Kubernetes' } }),
      annotations: pod.annotations,
      serviceAccount,
      locality,
      network,
      clusterId,
      nodeName,
      workloadName: podWorkloadName(pod),
      ports: containerPorts(pod.spec),
    },
    identity: spiffeId(settings.trustDomain, pod.namespace, serviceAccount),
    tlsMode: pod.labels[tlsModeLabel] === 'istio' ? 'istio' : 'disabled',
    weight: 1,
    network,
    isReady: isPodReady(pod.spec),
    isTerminating: pod.isTerminating === true,
    isFinished: status.phase === 'Failed' || status.phase === 'Succeeded',
    isDnsOnly: false,
    ...(subDomain === '' ? {} : { hostname: spec.hostname || pod.name, subDomain }),
  };
}

/** The primary address first. */
function podAddresses(pod: Pod): readonly string[] {
  const all = [pod.status?.podIP ?? '', ...(pod.status?.podIPs ?? []).map((entry) => entry.ip ?? '')];
  return [...new Set(all.filter((address) => address !== ''))];
}

/** Without any conditions nobody watches it, as in a directory of files: then it is ready. */
function isPodReady(pod: Pod): boolean {
  const conditions = pod.status?.conditions ?? [];
  return conditions.length === 0 || conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

/** Named ports of containers and of sidecar init containers; the first of a name counts, as in Kubernetes. */
function containerPorts(pod: Pod): Readonly<Record<string, number>> {
  const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  const ports = new Map<string, number>();
  for (const port of containers.flatMap((container) => container.ports ?? [])) {
    if (port.name === undefined || port.name === '' || port.containerPort === undefined) continue;
    const protocol = port.protocol ?? 'TCP';
    const name = protocol === 'TCP' ? port.name : `${port.name}/${protocol}`;
    if (!ports.has(name)) ports.set(name, port.containerPort);
  }
  return Object.fromEntries(ports);
}
