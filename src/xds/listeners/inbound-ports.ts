import { isIpv4, isIpv6 } from '../../lib/cidr.ts';
import type { InboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { parseProtocol } from '../../model/protocol.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import type { IstioIngressListener, Sidecar } from '../../schema/sidecar/sidecar.ts';
import { oldestFirst } from '../clusters/target-order.ts';
import { inboundClusterName } from '../names.ts';
import type { InboundPort } from './inbound-port.ts';
import { wildcardAddresses } from './listener-addresses.ts';
import { afterTlsTermination } from './listener-protocol.ts';
import { canBindToPort } from './reserved-ports.ts';

/** The Sidecar object that selects the workload. */
export interface SelectedSidecar {
  readonly name: string;
  readonly namespace: string;
  readonly spec: Sidecar;
}

export interface InboundPortsInput {
  /** Ports of services that the workload serves, in any order. */
  readonly targets: readonly ServiceTarget[];
  readonly sidecar?: SelectedSidecar;
  readonly settings: MeshSettings;
  readonly scope: InboundScope;
}

/**
 * The ports on which the workload receives traffic, ascending, one service or ingress listener per port (Istio
 * `buildInboundChainConfigs`). A Sidecar with `ingress` replaces all that services say, unless they are to be merged
 * (PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE). Without one, a proxy that captures nothing receives nothing: it
 * would take the application's own port.
 */
export function inboundPorts(input: InboundPortsInput): readonly InboundPort[] {
  const ingress = input.sidecar?.spec.ingress ?? [];
  const merges = input.settings.flags.PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE;
  const isCaptured = input.scope.features.interception !== 'NONE';
  const ofServices = (ingress.length === 0 ? isCaptured : merges)
    ? servicePorts(input, new Set(ingress.map(({ port }) => port.number ?? 0)))
    : [];
  const byPort = new Map<number, InboundPort>();
  for (const port of [...ofServices, ...ingressPorts(input)]) if (!byPort.has(port.targetPort)) byPort.set(port.targetPort, port);
  return [...byPort.values()].sort((a, b) => a.targetPort - b.targetPort);
}

function servicePorts({ targets, scope, settings }: InboundPortsInput, taken: ReadonlySet<number>): readonly InboundPort[] {
  const [bind, ...extraBinds] = wildcardAddresses(scope);
  const bindToPort = scope.features.interception === 'NONE';
  return [...targets].sort(oldestFirst).flatMap(({ service, port, targetPort }) => {
    const wanted = { bind, port: targetPort, protocol: port.protocol, bindToPort };
    if (taken.has(targetPort) || !canBindToPort(wanted, scope, settings)) return [];
    const clusterName = inboundClusterName(targetPort);
    return [{ clusterName, port, targetPort, bind, extraBinds, bindToPort, isPassthrough: false, service }];
  });
}

function ingressPorts(input: InboundPortsInput): readonly InboundPort[] {
  const { sidecar, scope } = input;
  if (sidecar === undefined) return [];
  return (sidecar.spec.ingress ?? []).flatMap((listener) => {
    const wanted = {
      bind: listener.bind ?? '',
      port: listener.port.number ?? 0,
      protocol: parseProtocol(listener.port.protocol),
      bindToPort: bindsToPort(listener, scope),
    };
    return canBindToPort(wanted, scope) ? [ingressPort(listener, sidecar, input)] : [];
  });
}

function ingressPort(listener: IstioIngressListener, sidecar: SelectedSidecar, { settings, scope }: InboundPortsInput): InboundPort {
  const { name, namespace } = sidecar;
  const number = listener.port.number ?? 0;
  const tls = settings.flags.ENABLE_TLS_ON_SIDECAR_INGRESS ? listener.tls : undefined;
  const protocol = parseProtocol(listener.port.protocol);
  const [bind = '', ...extraBinds] = listener.bind ? [listener.bind] : ownAddresses(scope);
  return {
    clusterName: inboundClusterName(number),
    port: { number, name: listener.port.name ?? '', protocol: tls ? afterTlsTermination(protocol) : protocol },
    targetPort: number,
    bind,
    extraBinds,
    bindToPort: bindsToPort(listener, scope),
    isPassthrough: false,
    service: { hostname: `${name}.${namespace}`, provider: 'External', name, namespace, resolution: 'ClientSideLB' },
    ...(tls && { tls }),
    source: { kind: 'Sidecar', namespace, name },
  };
}

function bindsToPort({ captureMode = 'DEFAULT' }: IstioIngressListener, { features }: InboundScope): boolean {
  return captureMode === 'DEFAULT' ? features.interception === 'NONE' : captureMode === 'NONE';
}

/** The workload's own address if others can reach it, so that the application can have the port on loopback. */
function ownAddresses(scope: InboundScope): readonly string[] {
  return isGlobalUnicast(scope.address) ? [scope.address] : wildcardAddresses(scope);
}

function isGlobalUnicast(address: string): boolean {
  if (isIpv4(address)) return !/^(0\.0\.0\.0$|127\.|169\.254\.|22[4-9]\.|23\d\.|255\.255\.255\.255$)/.test(address);
  return isIpv6(address) && !/^(::1?$|fe[89ab]|ff)/i.test(address);
}
