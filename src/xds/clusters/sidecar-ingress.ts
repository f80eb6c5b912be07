import { isIpAddress, isIpv4, isIpv6 } from '../../lib/cidr.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import { parseProtocol } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import type { InboundCluster } from './inbound-cluster.ts';

type IngressListener = NonNullable<Sidecar['ingress']>[number];

/** The ingress listeners of a Sidecar and what they are matched with. */
export interface SidecarIngressInput {
  readonly name: string;
  readonly namespace: string;
  readonly ingress: readonly IngressListener[];
  /** Oldest service first. */
  readonly targets: readonly ServiceTarget[];
  readonly instanceAddresses: readonly string[];
  readonly scope: OutboundScope;
}

/** Where one inbound cluster per ingress listener leads; a defaultEndpoint that cannot be read gives none. */
export function sidecarIngressTargets(input: SidecarIngressInput): readonly InboundCluster[] {
  return input.ingress.flatMap((listener) => {
    const endpoint = defaultEndpoint(listener.defaultEndpoint ?? '', input);
    if (endpoint === undefined) return [];
    const clusterPort = listener.port.number ?? 0;
    const known = input.targets.find((target) => target.targetPort === clusterPort);
    const port = { number: clusterPort, name: listener.port.name ?? '', protocol: parseProtocol(listener.port.protocol) };
    const target = { service: known?.service ?? placeholder(input), port, targetPort: endpoint.port };
    return [{ clusterPort, bind: endpoint.address, bindPort: endpoint.port, targets: [target] satisfies [ServiceTarget] }];
  });
}

/**
 * `127.0.0.1` and `[::1]` are the loopback that the proxy has, `0.0.0.0` and `[::]` the workload's own address of that
 * family; `unix://` stays; nothing: wherever the client meant to go. Another IP address is taken as it is, which Istio's
 * validation refuses: workloads that share one machine listen on a loopback address each.
 */
function defaultEndpoint(text: string, input: SidecarIngressInput): { address: string; port: number } | undefined {
  if (text === '') return { address: '', port: 0 };
  if (text.startsWith('unix://')) return { address: text, port: 0 };
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (match === null || host === undefined) return undefined;
  const port = Number(match[3]);
  const { ipv4, ipv6 } = input.scope.features;
  switch (host) {
    case '0.0.0.0':
      return { address: input.instanceAddresses.find(isIpv4) ?? '127.0.0.1', port };
    case '::':
      return { address: input.instanceAddresses.find(isIpv6) ?? '::1', port };
    case '127.0.0.1':
      return { address: ipv4 || !ipv6 ? '127.0.0.1' : '::1', port };
    case '::1':
      return { address: ipv6 ? '::1' : '127.0.0.1', port };
    default:
      return { address: isIpAddress(host) ? host : '', port };
  }
}

/** Stands for "no service" where a listener's port is none that a service targets: external, so that no telemetry names it. */
function placeholder({ name, namespace }: SidecarIngressInput): Service {
  return {
    hostname: `${name}.${namespace}`,
    namespace,
    name,
    provider: 'External',
    clusterId: '',
    ports: [],
    resolution: 'ClientSideLB',
    meshExternal: true,
    addresses: [],
    autoAllocated: {},
    exportTo: ['.'],
    serviceAccounts: [],
    labels: {},
    selector: {},
    createdAt: 0,
    targetPorts: {},
    internalTrafficPolicyLocal: false,
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: { kind: 'Sidecar', namespace, name },
  };
}
