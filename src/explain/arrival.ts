import { isIpAddress } from '../lib/cidr.ts';
import type { SimulatedRequest } from '../simulate/request.ts';
import { authorityOf, type Call } from './call.ts';
import { sidecarOf } from './origins/sidecar-origin.ts';
import type { ResolvedName } from './resolve-name.ts';
import type { ServedProxy } from './served-proxy.ts';

/** A call as it reaches the first proxy, and how. */
export interface Arrival {
  readonly request: SimulatedRequest;
  /** `outbound, to 10.0.0.1:9080`. */
  readonly says: string;
}

/** At the sidecar of the client, which intercepts what it sends, or listens where its Sidecar says. */
export function arrivalAtSidecar(proxy: ServedProxy, call: Call, name: ResolvedName): Arrival {
  const meant = { address: name.address, port: call.connectTo?.port ?? call.port };
  const egress = listenerOfSidecar(proxy, call);
  const isDirect = proxy.subject.interception === 'NONE' || egress !== undefined;
  const destination = isDirect && call.connectTo === undefined ? (egress ?? meant) : meant;
  const direction = isDirect ? 'direct' : 'outbound';
  const { address } = proxy.subject;
  const says = isDirect ? `sent to the sidecar's own ${text(destination)}` : `outbound, to ${text(destination)}`;
  return { request: { ...common(call), direction, destination, source: { address } }, says };
}

/** Where nothing is intercepted the application calls the sidecar by the address and port that an egress listener opens. */
function listenerOfSidecar(proxy: ServedProxy, { port }: Call): { readonly address: string; readonly port: number } | undefined {
  const egress = sidecarOf(proxy)?.spec.egress ?? [];
  const listener = egress.find((each) => each.port?.number === port && each.captureMode === 'NONE');
  return listener && { address: listener.bind || '127.0.0.1', port };
}

/** At a gateway: clients name the port of its Service, which leads to another one of its pods. */
export function arrivalAtGateway(proxy: ServedProxy, call: Call): Arrival {
  const asked = call.connectTo?.port ?? call.port;
  const target = proxy.scopes.gateway?.targets.find(({ port }) => port === asked);
  const port = target?.targetPort ?? asked;
  const isKnown = call.connectTo?.host !== undefined && isIpAddress(call.connectTo.host);
  const address = isKnown ? (call.connectTo?.host ?? '') : (boundAddress(proxy, port) ?? proxy.subject.address);
  const from = target && port !== asked ? ` (port ${asked} of ${target.service.slice(target.service.indexOf('/') + 1)})` : '';
  const request: SimulatedRequest = {
    ...common(call),
    direction: 'direct',
    destination: { address, port },
    source: { address: outsideClient },
  };
  return { request, says: `from outside, to port ${port}${from}` };
}

/** Reserved for documentation: somebody outside of the mesh. */
const outsideClient = '203.0.113.1';

/** The address that the listeners of a port are bound to, where it is one. */
function boundAddress({ resources }: ServedProxy, port: number): string | undefined {
  const addresses = [...resources.listeners.values()].flatMap(({ address }) => {
    const socket = address?.socket_address;
    return socket?.port_value === port ? [socket.address ?? ''] : [];
  });
  const [only] = addresses;
  return addresses.length === 1 && only !== '0.0.0.0' && only !== '::' ? only : undefined;
}

function common(call: Call): Omit<SimulatedRequest, 'direction' | 'destination'> {
  const sni = call.sni ?? (isIpAddress(call.host) ? '' : call.host);
  const isHttp = call.protocol !== 'tcp';
  return {
    protocol: call.tls && call.protocol === 'http' && call.alpn?.[0] === 'h2' ? 'http2' : call.protocol,
    ...(call.tls && { tls: { sni, alpn: call.alpn ?? defaultAlpn(call) } }),
    ...(isHttp && { host: authorityOf(call), method: call.method, path: call.path, headers: call.headers }),
  };
}

function defaultAlpn({ protocol }: Call): readonly string[] {
  return protocol === 'tcp' ? [] : protocol === 'http' ? ['h2', 'http/1.1'] : ['h2'];
}

function text({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
