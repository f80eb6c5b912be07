import type { ConfigObject } from '../../model/config-object.ts';
import { compareText } from '../../model/config-object.ts';
import type { Node } from '../../schema/kubernetes/node.ts';
import type { Pod } from '../../schema/kubernetes/pod.ts';
import type { KubeService, LoadBalancerIngress } from '../../schema/kubernetes/service.ts';

/** Where the gateway of Ingresses is reached from outside by its Service: a name, or its load balancer's and external addresses. */
export function addressesOfService({ spec, status }: KubeService): readonly string[] {
  if (spec?.type === 'ExternalName') return spec.externalName === undefined ? [] : [spec.externalName];
  const balanced = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '', hostname = '' }) => ip || hostname || []);
  return [...balanced, ...(spec?.externalIPs ?? [])];
}

/** The same where no Service is named: external addresses of the node of its first pod that runs. */
export function addressesOfPods(
  pods: Iterable<ConfigObject<Pod>>,
  workloadLabel: string,
  nodeOf: (name: string) => Node | undefined,
): readonly string[] {
  const running = [...pods].filter(({ labels, spec }) => labels['istio'] === workloadLabel && spec.status?.phase === 'Running');
  for (const { spec } of running.sort((a, b) => compareText(a.name, b.name))) {
    const node = nodeOf(spec.spec?.nodeName ?? '');
    if (node === undefined) continue;
    const external = (node.status?.addresses ?? []).filter(({ type }) => type === 'ExternalIP');
    return [...new Set(external.flatMap(({ address = '' }) => address || []))];
  }
  return [];
}

/** As the status of an Ingress has it (Istio `sliceToStatus`): addresses first, each in order. */
export function loadBalancerOf(addresses: readonly string[], isAddress: (text: string) => boolean): readonly LoadBalancerIngress[] {
  const name = ({ hostname = '' }: LoadBalancerIngress) => hostname;
  return addresses
    .map((text): LoadBalancerIngress => (isAddress(text) ? { ip: text } : { hostname: text }))
    .sort((a, b) => compareText(name(a), name(b)) || compareText(a.ip ?? '', b.ip ?? ''));
}
