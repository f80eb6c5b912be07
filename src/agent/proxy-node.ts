import type { Node } from '../envoy/generated/envoy/config/core/v3/Node.ts';
import { toStruct } from '../lib/struct.ts';
import type { Labels } from '../model/labels.ts';
import { parseLocality } from '../model/locality.ts';

/** The workload that the proxy stands beside, as the control plane is told about it. */
export interface ProxyNodeSettings {
  readonly role: 'sidecar' | 'router';
  /** Name of the instance (of the pod, on Kubernetes). */
  readonly name: string;
  readonly namespace: string;
  /** Own addresses, the primary one first. */
  readonly addresses: readonly string[];
  readonly serviceAccount: string;
  readonly labels: Labels;
  readonly annotations?: Labels;
  /** What deploys the instance; the name where unset. */
  readonly workloadName?: string;
  /** `region/zone/subzone`. */
  readonly locality?: string;
  readonly clusterId?: string;
  readonly network?: string;
  readonly meshId?: string;
  /** `cluster.local` where unset. */
  readonly domainSuffix?: string;
  /** Which sidecar's behaviour the proxy claims (`ISTIO_VERSION`). */
  readonly istioVersion: string;
  /** `none`: the proxy has no workload certificate, so it can neither offer nor use mutual TLS. */
  readonly workloadCertificates: 'none' | 'sds';
  readonly exitOnZeroActiveConnections: boolean;
  /** Any further metadata, under Istio's names; wins over what is said above. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** `role~address~name.namespace~namespace.svc.domain`: how xDS servers of the Istio family parse a node id. */
export function nodeId(settings: Pick<ProxyNodeSettings, 'role' | 'name' | 'namespace' | 'addresses' | 'domainSuffix'>): string {
  const { role, name, namespace, addresses, domainSuffix = 'cluster.local' } = settings;
  return [role, addresses[0] ?? '', `${name}.${namespace}`, `${namespace}.svc.${domainSuffix}`].join('~');
}

/** The node as pilot-agent describes it (Istio `pkg/model.BootstrapNodeMetadata`): lists as comma-separated text, booleans as text. */
export function buildNode(settings: ProxyNodeSettings): Node {
  const { region, zone, subZone } = parseLocality(settings.locality ?? '');
  const application = settings.labels['service.istio.io/canonical-name'] ?? settings.labels['app'] ?? 'istio-proxy';
  return {
    id: nodeId(settings),
    cluster: `${application}.${settings.namespace}`,
    locality: { region, zone, sub_zone: subZone },
    metadata: toStruct({ ...metadataOf(settings), ...settings.metadata }),
  };
}

function metadataOf(settings: ProxyNodeSettings): Readonly<Record<string, unknown>> {
  const workloadName = settings.workloadName ?? settings.name;
  const clusterId = settings.clusterId ?? 'Kubernetes';
  return {
    NAME: settings.name,
    NAMESPACE: settings.namespace,
    OWNER: `kubernetes://apis/apps/v1/namespaces/${settings.namespace}/deployments/${workloadName}`,
    WORKLOAD_NAME: workloadName,
    SERVICE_ACCOUNT: settings.serviceAccount,
    INSTANCE_IPS: settings.addresses.join(','),
    LABELS: { ...settings.labels },
    ANNOTATIONS: settings.annotations && { ...settings.annotations },
    CLUSTER_ID: clusterId,
    NETWORK: settings.network,
    MESH_ID: settings.meshId ?? 'cluster.local',
    ISTIO_VERSION: settings.istioVersion,
    INTERCEPTION_MODE: 'NONE',
    WORKLOAD_CERTIFICATES: settings.workloadCertificates,
    EXIT_ON_ZERO_ACTIVE_CONNECTIONS: settings.exitOnZeroActiveConnections ? 'true' : undefined,
    PROXY_CONFIG: {},
  };
}
