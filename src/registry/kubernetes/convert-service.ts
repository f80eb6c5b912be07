import type { ConfigObject } from '../../model/config-object.ts';
import { refOf } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { protocolOfKubePort } from '../../model/protocol.ts';
import type { Resolution, Service } from '../../model/service.ts';
import type { KubeService } from '../../schema/kubernetes/service.ts';
import { exportToOf } from '../export-to.ts';
import { trafficDistribution } from '../traffic-distribution.ts';
import { spiffeId } from '../workload-instance.ts';

/** What a Kubernetes Service needs to know of its surroundings. */
export interface ServiceSettings {
  readonly clusterId: string;
  readonly domainSuffix: string;
  readonly trustDomain: string;
  readonly defaultServiceExportTo: readonly string[];
}

/** `name.namespace.svc.suffix`. */
export function kubeHostname(name: string, namespace: string, domainSuffix: string): string {
  return `${name}.${namespace}.svc.${domainSuffix}`;
}

/**
 * A Kubernetes Service as the mesh sees it (Istio `kube.ConvertService`). External addresses of nodes are added by the
 * registry, because they come from other objects.
 */
export function convertService(object: ConfigObject<KubeService>, namespaceAnnotations: Labels, settings: ServiceSettings): Service {
  const spec = object.spec.spec ?? {};
  const ports = spec.ports ?? [];
  const isAlias = spec.type === 'ExternalName' && (spec.externalName ?? '') !== '';
  const isHeadless = spec.clusterIP === 'None';
  const resolution: Resolution = isHeadless ? 'Passthrough' : isAlias ? 'Alias' : 'ClientSideLB';
  const distribution = trafficDistribution({
    field: spec.trafficDistribution,
    annotations: object.annotations,
    namespaceAnnotations,
  });
  return {
    hostname: kubeHostname(object.name, object.namespace, settings.domainSuffix),
    namespace: object.namespace,
    name: object.name,
    provider: 'Kubernetes',
    clusterId: settings.clusterId,
    ports: ports.map((port) => ({
      number: port.port,
      name: port.name ?? '',
      protocol: protocolOfKubePort(port.port, port.name ?? '', port.protocol ?? 'TCP', port.appProtocol),
    })),
    resolution,
    meshExternal: isAlias,
    addresses: clusterAddresses(spec),
    autoAllocated: {},
    exportTo: exportToOf(object.annotations['networking.istio.io/exportTo']?.split(','), settings.defaultServiceExportTo),
    serviceAccounts: grantedAccounts(object, settings.trustDomain),
    labels: object.labels,
    selector: spec.selector ?? {},
    createdAt: object.createdAt,
    ...(isAlias && spec.externalName !== undefined ? { externalName: spec.externalName } : {}),
    kubeType: isHeadless ? 'Headless' : (spec.type ?? 'ClusterIP'),
    targetPorts: Object.fromEntries(ports.map((port) => [port.port, targetPortOf(port)])),
    internalTrafficPolicyLocal: spec.internalTrafficPolicy === 'Local',
    ...(distribution === undefined ? {} : { trafficDistribution: distribution }),
    publishNotReadyAddresses: spec.publishNotReadyAddresses === true,
    externalAddresses: externalAddresses(object.spec),
    source: refOf(object),
  };
}

type KubeServiceSpec = NonNullable<KubeService['spec']>;

function clusterAddresses(spec: KubeServiceSpec): readonly string[] {
  const all = spec.clusterIPs ?? [];
  const first = spec.clusterIP ?? all[0] ?? '';
  if (first === '' || first === 'None') return [];
  return all.length > 1 ? all : [first];
}

/** As the API server fills it in: absent or 0 means the port itself. */
function targetPortOf(port: { readonly port: number; readonly targetPort?: number | string | undefined }): number | string {
  return port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '' ? port.port : port.targetPort;
}

/** Identities that annotations grant beside those of the endpoints: SPIFFE ids as written, and service accounts by name. */
function grantedAccounts(object: ConfigObject<KubeService>, trustDomain: string): readonly string[] {
  const list = (name: string): readonly string[] => {
    const text = object.annotations[name] ?? '';
    return text === '' ? [] : text.split(',');
  };
  return [
    ...list('alpha.istio.io/canonical-serviceaccounts'),
    ...list('alpha.istio.io/kubernetes-serviceaccounts').map((name) => spiffeId(trustDomain, object.namespace, name)),
  ];
}

function externalAddresses(service: KubeService): readonly string[] {
  const balancer = service.spec?.type === 'LoadBalancer' ? (service.status?.loadBalancer?.ingress ?? []) : [];
  const addresses = balancer.map((ingress) => ingress.ip || (ingress.hostname ?? '')).filter((address) => address !== '');
  return [...addresses, ...(service.spec?.externalIPs ?? [])];
}
