import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { CallInput, CallOutcome } from './case.ts';
import { pickFilterChains, type SeenConnection } from './pick-filter-chain.ts';
import { hasListenerFilter, pickListener } from './pick-listener.ts';
import { pickRoute, pickVirtualHost } from './pick-route.ts';
import type { ProxyXds } from './proxy-xds.ts';
import { connectionManagerOf, isTrue, tcpProxyOf, tlsContextOf } from './typed-parts.ts';

/** A call with every default filled in. */
type FullCall = Required<Omit<CallInput, 'callMode'>> & Pick<CallInput, 'callMode'>;

export interface EvaluatedCall {
  readonly outcome: CallOutcome;
  /** The chain that took the call, where there is one. */
  readonly chain?: FilterChain;
}

/** Sends a call through what a proxy was served, by the suite's own rules: the first error ends it. */
export function evaluateCall(xds: ProxyXds, input: CallInput): EvaluatedCall {
  const call = withDefaults(input);
  const listener = pickListener(xds.listeners, call);
  if (listener === undefined) return { outcome: { error: 'NO_LISTENER' } };
  const met = { listener: listener.name ?? '' };
  const chains = pickFilterChains(listener.filter_chains ?? [], seenConnection(listener, call));
  if (chains.length > 1) return { outcome: { ...met, error: 'MULTIPLE_FILTER_CHAINS' } };
  const chain = chains[0] ?? listener.default_filter_chain ?? undefined;
  if (chain === undefined) return { outcome: { ...met, error: 'NO_FILTER_CHAIN' } };
  return { outcome: { ...met, filterChain: chain.name ?? '', ...throughChain(xds, chain, call) }, chain };
}

function withDefaults(input: CallInput): FullCall {
  const tls = input.tls ?? 'plaintext';
  const hostHeader = input.hostHeader ?? '';
  return {
    ...input,
    tls,
    hostHeader,
    path: input.path ?? '/',
    address: input.address ?? '1.3.3.7',
    sni: input.sni ?? (tls === 'tls' ? hostHeader : ''),
    alpn: input.alpn ?? defaultAlpn(tls, input.protocol),
    mtlsSecretConfigName: input.mtlsSecretConfigName ?? 'default',
  };
}

function defaultAlpn(tls: FullCall['tls'], protocol: FullCall['protocol']): string {
  if (tls === 'mtls') return { http: 'istio-http/1.1', http2: 'istio-h2', tcp: 'istio' }[protocol];
  return tls === 'tls' ? { http: 'http/1.1', http2: 'h2', tcp: '' }[protocol] : '';
}

/** Step 2: what the inspectors of the listener find out. */
function seenConnection(listener: Listener, call: FullCall): SeenConnection {
  const seesTls = hasListenerFilter(listener, 'tls_inspector', call.port);
  const seesHttp = hasListenerFilter(listener, 'http_inspector', call.port) && call.tls === 'plaintext' && call.protocol !== 'tcp';
  const alpn = seesHttp ? { http: 'http/1.1', http2: 'h2c', tcp: '' }[call.protocol] : seesTls ? call.alpn : '';
  return {
    port: call.port,
    address: call.address,
    sni: call.sni,
    transportProtocol: seesTls && call.tls !== 'plaintext' ? 'tls' : 'raw_buffer',
    alpn,
  };
}

/** Steps 4 to 6. */
function throughChain(xds: ProxyXds, chain: FilterChain, call: FullCall): CallOutcome {
  if (chain.transport_socket) {
    if (call.tls === 'plaintext') return { error: 'TLS_ERROR' };
    if (isMutualTls(chain, call.mtlsSecretConfigName) !== (call.tls === 'mtls')) return { error: 'MTLS_ERROR' };
  }
  const manager = connectionManagerOf(chain);
  if (manager === undefined) return { cluster: tcpProxyOf(chain)?.cluster ?? '' };
  if (call.protocol === 'tcp' || (call.tls !== 'plaintext' && !chain.transport_socket)) return { error: 'PROTOCOL_ERROR' };
  const routeConfig = manager.route_config ? '' : (manager.rds?.route_config_name ?? '');
  const table = manager.route_config ?? xds.routes.get(routeConfig) ?? {};
  const virtualHost = pickVirtualHost(table, call.hostHeader);
  if (virtualHost === undefined) return { routeConfig, error: 'NO_VIRTUAL_HOST' };
  const met = { routeConfig, virtualHost: virtualHost.name ?? '' };
  if (virtualHost.require_tls === 'ALL' && call.tls === 'plaintext') return { ...met, error: 'TLS_REDIRECT' };
  const route = pickRoute(virtualHost, call.path);
  if (route === undefined) return { ...met, error: 'NO_ROUTE' };
  return { ...met, route: route.name ?? '', cluster: route.route?.cluster ?? '' };
}

function isMutualTls(chain: FilterChain, secretName: string): boolean {
  const tls = tlsContextOf(chain);
  const [first] = tls?.common_tls_context?.tls_certificate_sds_secret_configs ?? [];
  return first?.name === secretName && isTrue(tls?.require_client_certificate);
}
