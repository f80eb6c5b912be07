import { isIpAddress } from '../../lib/cidr.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { isTcp, parseProtocol } from '../../model/protocol.ts';
import { isHeadless, type Service, type ServicePort } from '../../model/service.ts';
import type { IstioEgressListener } from '../../schema/sidecar/sidecar.ts';
import { serviceAddresses } from '../routes/service-addresses.ts';
import { loopbackAddresses, wildcardAddresses } from './listener-addresses.ts';
import { listenerProtocol } from './listener-protocol.ts';
import { canBindToPort } from './reserved-ports.ts';

/** One listener that a service port takes part in; listeners are grouped by `bind` and `port.number`. */
export interface OutboundListenerKey {
  /** Address or `unix://` path. */
  readonly bind: string;
  /** Of the other address family. */
  readonly extraBinds: readonly string[];
  /** The service's port, or that of the Sidecar's egress listener; number 0 is a Unix domain socket. */
  readonly port: ServicePort;
  /** A real socket, in place of one that redirected connections are handed to. */
  readonly bindToPort: boolean;
  /** Destinations that the service's chains match; empty: all that arrive. */
  readonly cidrs: readonly string[];
  /** `cidrs` is one pod of a headless service: no server name is needed to tell services apart. */
  readonly isPodAddress: boolean;
  /** From an egress listener with a port: services of other egress listeners must not join in. */
  readonly isExplicit: boolean;
}

export interface OutboundListenerKeysInput {
  readonly service: Service;
  /** Without meaning where the egress listener has a port: ask once per service then. */
  readonly port: ServicePort;
  /** Of the port; asked for headless services alone (`wantsEndpoints`). */
  readonly endpointAddresses: readonly string[];
  readonly scope: OutboundScope;
  readonly settings: MeshSettings;
  /** The workload's primary address: an application reaches itself without a listener. */
  readonly ownAddress: string;
  /** The Sidecar's egress listener that imports the service. */
  readonly egress?: IstioEgressListener;
}

/** Whether a service port has a listener per pod, so that its endpoints are asked for (resolution NONE without an address). */
export function wantsEndpoints(service: Service, port: ServicePort): boolean {
  const protocol = listenerProtocol(port.protocol);
  return service.resolution === 'Passthrough' && isHeadless(service) && (protocol === 'tcp' || port.protocol === 'Auto');
}

/**
 * The listeners that a service port takes part in (Istio `buildSidecarOutboundListeners`). HTTP shares the wildcard address
 * of its port; TCP, and what must be sniffed, has its service's address to itself, or the wildcard address and chains that
 * match prefixes. Aliases, UDP and reserved ports have none.
 */
export function outboundListenerKeys(input: OutboundListenerKeysInput): readonly OutboundListenerKey[] {
  const { service, scope, settings, egress } = input;
  if (service.resolution === 'Alias') return [];
  const isExplicit = egress?.port !== undefined;
  const port = isExplicit ? egressPort(egress) : input.port;
  const bindToPort = bindsToPort(scope, egress);
  const binds = egress?.bind ? [egress.bind] : bindToPort ? loopbackAddresses(scope) : [];
  const wanted = { bind: binds[0] ?? '', port: port.number, protocol: port.protocol, bindToPort };
  if (!canBindToPort(wanted, scope, settings)) return [];
  const protocol = listenerProtocol(port.protocol);
  if (protocol === 'none') return [];
  const key = { extraBinds: [], port, bindToPort, cidrs: [], isPodAddress: false, isExplicit };
  if (binds.length > 0) return [{ ...key, ...bound(binds) }];
  if (protocol === 'http') return [{ ...key, ...bound(wildcardAddresses(scope)) }];
  const pods = isExplicit ? undefined : podAddresses(input, port);
  if (pods !== undefined) return pods.map((pod) => ({ ...key, ...placeOfPod(pod, port, input) }));
  return placesOfService(service, scope).map((place) => ({ ...key, ...place }));
}

type Place = Pick<OutboundListenerKey, 'bind' | 'extraBinds'> & Partial<Pick<OutboundListenerKey, 'cidrs' | 'isPodAddress'>>;

function bound(addresses: readonly string[]): Place {
  const [bind = '', ...extraBinds] = addresses;
  return { bind, extraBinds };
}

/** Where nothing is redirected, where the Sidecar says so, and at a Unix domain socket, which nothing is redirected to. */
function bindsToPort(scope: OutboundScope, egress: IstioEgressListener | undefined): boolean {
  if (scope.features.interception === 'NONE') return true;
  return egress?.captureMode === 'NONE' || (egress?.bind ?? '').startsWith('unix://');
}

function egressPort({ port }: IstioEgressListener): ServicePort {
  return { number: port?.number ?? 0, name: port?.name ?? '', protocol: parseProtocol(port?.protocol) };
}

/**
 * The pods of a headless service, without the workload itself. Undefined where it gets one listener for all destinations: a
 * ServiceEntry that has no endpoints and selects none.
 */
function podAddresses(input: OutboundListenerKeysInput, port: ServicePort): readonly string[] | undefined {
  const { service, endpointAddresses, ownAddress } = input;
  if (!wantsEndpoints(service, port)) return undefined;
  const mayHaveSome = service.provider === 'Kubernetes' || Object.keys(service.selector).length > 0;
  if (!mayHaveSome && endpointAddresses.length === 0) return undefined;
  return [...new Set(endpointAddresses)].filter((address) => isIpAddress(address) && address !== ownAddress);
}

/** A destination matches before ALPN does, so only what is surely TCP may be told apart by it on a shared listener. */
function placeOfPod(pod: string, port: ServicePort, { scope, settings }: OutboundListenerKeysInput): Place {
  if (!settings.flags.PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER || !isTcp(port.protocol)) return bound([pod]);
  return { ...bound(wildcardAddresses(scope)), cidrs: [pod], isPodAddress: true };
}

/** A Kubernetes service has one address per family; each address of a ServiceEntry stands for itself, prefixes behind the wildcard. */
function placesOfService(service: Service, scope: OutboundScope): readonly Place[] {
  const addresses = serviceAddresses(service, scope);
  if (addresses.length === 0) return [bound(wildcardAddresses(scope))];
  if (service.provider !== 'External' || isHeadless(service)) return [bound(addresses)];
  return addresses.map((address) => (address.includes('/') ? { ...bound(wildcardAddresses(scope)), cidrs: [address] } : bound([address])));
}
