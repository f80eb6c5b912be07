import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import { type EffectiveMtls, mtlsModeOfPort } from '../../mesh/authentication/effective-mtls.ts';
import type { MutualTlsMode } from '../../mesh/authentication/mutual-tls-mode.ts';
import type { InboundScope } from '../../mesh/scope.ts';
import { durationField } from '../clusters/duration-field.ts';
import { listenerAccessLogs } from '../filters/access-log.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import { inboundPassthroughCluster, listenerName } from '../names.ts';
import { buildInboundChains, type InboundPolicyFilters, type InboundWorld } from './inbound-chains.ts';
import { inboundInspectors } from './inbound-inspectors.ts';
import type { InboundPort } from './inbound-port.ts';
import { type InboundPortsInput, inboundPorts } from './inbound-ports.ts';
import { additionalAddresses, listenerAddress, wildcardAddresses } from './listener-addresses.ts';
import { originalDestination, originalSource } from './listener-filters.ts';
import { blackHoleChain } from './passthrough-chain.ts';
import { inboundPort } from './reserved-ports.ts';

/** Everything that the inbound listeners of one workload depend on. */
export interface InboundListenersInput extends InboundPortsInput {
  /** What PeerAuthentications come to for the workload. */
  readonly mtls: EffectiveMtls;
  /** What policies add, by the workload's port; 0: ports that nobody declares. */
  readonly policiesOf?: (targetPort: number) => InboundPolicyFilters;
  /** Node metadata IDLE_TIMEOUT. */
  readonly idleTimeout?: string;
  /** What is recorded of the workload's traffic, and by which filters. */
  readonly observed: Pick<FilterContext, 'telemetry' | 'extensions' | 'spanService'>;
}

/**
 * The listener that redirected inbound traffic arrives at, and a listener of its own for each port of a Sidecar that asks
 * for one (Istio `buildInboundListeners`). A proxy that has no workload certificate (`features.workloadCertificates`, our
 * agent before it has a CA) cannot end mutual TLS: it gets the chains of mode DISABLE alone, whatever the policies say.
 */
export function buildInboundListeners(input: InboundListenersInput): readonly Listener[] {
  const { scope, settings, policiesOf, idleTimeout } = input;
  const context: InboundContext = {
    class: 'sidecar-inbound',
    scope,
    settings,
    ...input.observed,
    ...(idleTimeout !== undefined && { idleTimeout }),
  };
  const world: InboundWorld = { context, ...(policiesOf && { policiesOf }) };
  const virtualChains: FilterChain[] = [];
  const listeners: Listener[] = [];
  for (const port of inboundPorts(input)) {
    const chains = buildInboundChains(port, modeOf(port.targetPort, input), world);
    if (port.bindToPort) listeners.push(realListener(port, chains, context));
    else virtualChains.push(...chains);
  }
  if (scope.features.interception === 'NONE') return listeners;
  return [virtualInbound([...passthroughChains(input, world), ...virtualChains], context), ...listeners];
}

type InboundContext = FilterContext & { readonly class: 'sidecar-inbound'; readonly scope: InboundScope };

function modeOf(targetPort: number, { mtls, scope }: Pick<InboundListenersInput, 'mtls' | 'scope'>): MutualTlsMode {
  return scope.features.workloadCertificates ? mtlsModeOfPort(mtls, targetPort) : 'DISABLE';
}

/**
 * What nobody declares goes on to where the client meant it to go, under the workload's mutual TLS mode; ports with a mode
 * of their own have chains of their own. They stand first, and still come last: Envoy prefers a chain that names the port.
 */
function passthroughChains(input: InboundListenersInput, world: InboundWorld): readonly FilterChain[] {
  const { settings } = input;
  const ownPort = inboundPort(settings);
  return [
    blackHoleChain('virtualInbound-blackhole', ownPort, world.context),
    ...[0, ...undeclaredPorts(input)].flatMap((port) => buildInboundChains(passthroughPort(port), modeOf(port, input), world)),
  ];
}

/** Ports with a mode of their own that neither the Sidecar's ingress nor, without it, a service declares. */
function undeclaredPorts({ mtls, sidecar, targets }: InboundListenersInput): readonly number[] {
  const ingress = sidecar?.spec.ingress ?? [];
  const declared = new Set(ingress.length > 0 ? ingress.map(({ port }) => port.number ?? 0) : targets.map(({ targetPort }) => targetPort));
  return [...mtls.portModes.keys()].filter((port) => !declared.has(port)).sort((a, b) => a - b);
}

function passthroughPort(targetPort: number): InboundPort {
  return {
    clusterName: inboundPassthroughCluster,
    port: { number: 0, name: 'virtualInbound', protocol: 'Auto' },
    targetPort,
    bind: '',
    extraBinds: [],
    bindToPort: false,
    isPassthrough: true,
    service: { hostname: '', provider: 'External', name: '', namespace: '', resolution: 'Passthrough' },
  };
}

function virtualInbound(chains: readonly FilterChain[], context: InboundContext): Listener {
  const addresses = wildcardAddresses(context.scope);
  return listener({ name: 'virtualInbound', addresses, port: inboundPort(context.settings), bindToPort: false, chains }, context);
}

function realListener(port: InboundPort, chains: readonly FilterChain[], context: InboundContext): Listener {
  const name = listenerName(port.bind, port.targetPort);
  return listener({ name, addresses: [port.bind, ...port.extraBinds], port: port.targetPort, bindToPort: true, chains }, context);
}

interface ListenerParts {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly bindToPort: boolean;
  readonly chains: readonly FilterChain[];
}

/** Istio `buildInboundListener`: a second address family counts only where dual stack is switched on. */
function listener({ name, addresses, port, bindToPort, chains }: ListenerParts, context: InboundContext): Listener {
  const { scope, settings } = context;
  const [address = '', ...others] = addresses;
  const isTransparent = !bindToPort && scope.features.interception === 'TPROXY';
  const accessLogs = listenerAccessLogs(context);
  return {
    name,
    address: listenerAddress(address, port),
    ...additionalAddresses(settings.flags.ISTIO_DUAL_STACK ? others : [], port),
    traffic_direction: 'INBOUND',
    continue_on_listener_filters_timeout: true,
    max_connections_to_accept_per_socket_event: { value: 1 },
    ...(isTransparent && { transparent: { value: true } }),
    ...(accessLogs.length > 0 && { access_log: accessLogs }),
    filter_chains: [...chains],
    listener_filters: [
      ...(bindToPort ? [] : [originalDestination]),
      ...(isTransparent ? [originalSource] : []),
      ...inboundInspectors(chains),
    ],
    listener_filters_timeout: durationField(settings.config.protocolDetectionTimeout) ?? { seconds: '0', nanos: 0 },
  };
}
